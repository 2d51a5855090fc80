"""The form widget of a stored object: shows which file it is and what became of it; the uploader puts new ones in."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from media import selectors
from media.models import StoredObject
from media.uploader import uploader_context


class StoredObjectInput(forms.Widget):
    """For a ModelChoiceField of stored objects. Shows nothing of an object that is not among the field's choices."""

    template_name = "media/stored_object_input.html"
    choices: Any = ()
    is_required = False

    class Media:
        css = {"all": ["dist/uploader.css"]}  # noqa: RUF012 - Django's form
        js = ("dist/uploader.js",)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        stored = self._chosen(value)
        context["stored"] = stored
        if stored:
            context["size"] = selectors.known_size(stored)
            context["type_label"] = selectors.known_type_label(stored)
            context["message"] = selectors.state_sentence(stored)
            context["preparation"] = selectors.preparation_sentence(stored)
            context["thumbnail_url"] = selectors.small_thumbnail_url(stored)
            context["is_being_prepared"] = selectors.is_being_prepared(stored)
        return context

    def _chosen(self, value: Any) -> StoredObject | None:
        queryset = getattr(self.choices, "queryset", None)
        if queryset is None or not value:
            return None
        try:
            found: StoredObject | None = queryset.filter(pk=value).first()
        except (ValidationError, ValueError):
            return None
        return found

    def use_required_attribute(self, _initial: Any) -> bool:
        return False


class UploadInput(StoredObjectInput):
    """One file in any form of the admin, with the uploader above it. `accept`: as HTML has it; `max_bytes`: less than the site takes."""

    template_name = "media/upload_input.html"

    def __init__(self, institution_id: UUID, *, accept: str, max_bytes: int) -> None:
        super().__init__()
        self.institution_id, self.accept, self.max_bytes = institution_id, accept, max_bytes

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        place = {"uploader_id": name, "into": context["widget"]["attrs"]["id"], "accept": self.accept}
        return context | uploader_context(self.institution_id, self.max_bytes) | place
