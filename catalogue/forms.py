"""The editor's form of a resource: sensible choices, defaults of the institution, and a refusal of incomplete submissions."""

from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from catalogue import completeness
from catalogue.vocabulary import Subject
from catalogue.widgets import AlternativeTitlesField, SubjectField, WorkReferenceField
from core import clock
from core.languages import tag_of
from media import selectors as media_selectors
from media.models import StoredObject

SUBMITTING = ("action-submit", "action-restart-workflow")
OUTSIDE_THE_PICTURE = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"), _("Please give a whole number from 0 to 100: the point lies within the picture.")
)
VOCABULARY_FIELDS = ("resource_type", "subjects", "audience", "licence", "setting", "cost", "accessibility")


class ResourceFileForm(WagtailAdminModelForm):
    """A file of an edition: one of those that the user's institution stored, or the one that is there already."""

    class Meta(WagtailAdminModelForm.Meta):
        error_messages: ClassVar = dict.fromkeys(("focal_point_x", "focal_point_y"), OUTSIDE_THE_PICTURE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stored_object" in self.fields:
            mine = Q(institution_id=self.for_user.institution_id) if self.for_user else Q(pk__in=[])
            self.fields["stored_object"].queryset = StoredObject.objects.filter(mine | Q(pk=self.instance.stored_object_id))


class ResourcePageForm(WagtailAdminPageForm):
    """The form of catalogue.ResourcePage."""

    subjects = SubjectField(queryset=Subject.objects.none(), required=False, label=_("Subjects"))
    alternative_titles = AlternativeTitlesField(
        required=False,
        label=_("Title in other languages"),
        help_text=_("Where only the title is translated. One a line, with its language: French: Les bateaux à savon"),
    )
    adapted_from = WorkReferenceField(
        required=False,
        label=_("Adapted from"),
        help_text=_("The address of the record here that it builds on, if it was changed by more than translation."),
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        kwargs_instance = kwargs.get("instance")
        self._forbidden_original = False
        self.obstacles: list[completeness.Missing] = []
        if data is not None and data.get("translation_of"):
            data = self._without_forbidden_original(data, kwargs_instance, kwargs.get("for_user"))
        super().__init__(data, *args, **kwargs)
        for name in VOCABULARY_FIELDS:
            if name in self.fields:
                self.fields[name].queryset = self._offered_terms(name)
        if "adapted_from" in self.fields:
            self.fields["adapted_from"].works = self._nameable_works()
        if self.instance.pk is None and self.parent_page is not None:
            self._suggest_what_is_usual()

    @property
    def is_submission(self) -> bool:
        """Whether the button pressed hands the draft to the curators."""
        return self.is_bound and any(self.data.get(name) for name in SUBMITTING)

    def clean_language(self) -> str:
        return tag_of(self.cleaned_data["language"])

    def clean_keywords(self) -> list[str]:
        found: list[str] = apps.get_model("catalogue", "Keyword").preferred(self.cleaned_data["keywords"])
        return found

    def clean_slug(self) -> str:
        """Give what was never published a free address: two kits of one name are no mistake of whoever describes the second."""
        wanted: str = self.cleaned_data["slug"]
        if self.parent_page is None or (self.instance.pk is not None and self.instance.live):
            return wanted
        siblings = self.parent_page.get_children().exclude(pk=self.instance.pk)
        free, number = wanted, 1
        while siblings.filter(slug=free).exists():
            number += 1
            free = f"{wanted}-{number}"
        return free

    def clean(self) -> Any:
        cleaned = super().clean()
        if self._forbidden_original:
            self.add_error("translation_of", _("Please choose a published resource, or one of your own institution."))
        youngest, oldest = cleaned.get("age_min"), cleaned.get("age_max")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("age_max", _("The oldest age is below the youngest."))
        identifier = cleaned.get("identifier")
        if identifier and self._identifier_is_taken(identifier):
            self.add_error("identifier", _("Your institution has a resource with this identifier already."))
        return cleaned

    def is_valid(self) -> bool:
        """Check fields and files; a submission must also be complete, and its files checked."""
        valid: bool = super().is_valid()
        if valid and self.is_submission:
            self.obstacles = self._obstacles()
            for each in self.obstacles:
                self.add_error(each.field if each.field in self.fields else None, each.sentence)
            valid = not self.errors
        return valid

    def _obstacles(self) -> list[completeness.Missing]:
        objects = self._chosen_objects()
        there = completeness.filled(lambda name: objects if name == "files" else self.cleaned_data.get(name))
        not_ready = media_selectors.not_ready([stored.pk for stored in objects])
        return [
            *completeness.missing_in(there),
            *(completeness.Missing("files", f"{stored.filename}: {sentence}") for stored, sentence in not_ready),
        ]

    def _chosen_objects(self) -> list[StoredObject]:
        formset = self.formsets.get("files")
        if formset is None:
            return []
        rows = [form.cleaned_data for form in formset.forms if form not in formset.deleted_forms]
        return [row["stored_object"] for row in rows if row.get("stored_object")]

    def _offered_terms(self, name: str) -> "QuerySet[Any]":
        """Return the active terms, and those that the edition carries already."""
        model: Any = self.fields[name].queryset.model if name != "subjects" else Subject
        present = self.initial.get(name)
        kept = [present] if isinstance(present, int) else [getattr(term, "pk", term) for term in present or []]
        return model.objects.filter(Q(is_active=True) | Q(pk__in=kept))

    def _nameable_works(self) -> "QuerySet[Any]":
        """Return published works, those of the own institution, and the one that is named already."""
        editions = apps.get_model("catalogue", "ResourcePage").objects
        institution_id = self.for_user.institution_id if self.for_user else None
        own = Q(institution_id=institution_id) if institution_id else Q(pk__in=[])
        works = editions.filter(Q(live=True, institution__is_active=True, institution__page__live=True) | own).values("work_id")
        return apps.get_model("catalogue", "Work").objects.filter(Q(pk__in=works) | Q(pk=self.instance.adapted_from_id))

    def _without_forbidden_original(self, data: Any, instance: Any, user: Any) -> Any:
        """Take out an original that this user may not know of: the chooser would show its title beside the error."""
        chosen = data["translation_of"]
        if chosen == str(getattr(instance, "translation_of_id", None)):
            return data
        allowed = chosen.isdigit() and may_be_original(int(chosen), user) and chosen != str(getattr(instance, "pk", None))
        if not allowed:
            self._forbidden_original = True
            data = data.copy()
            data["translation_of"] = ""
        return data

    def _identifier_is_taken(self, identifier: str) -> bool:
        if self.parent_page is None:
            return False
        same = apps.get_model("catalogue", "ResourcePage").objects.filter(institution__page=self.parent_page.pk, identifier=identifier)
        return bool(same.exclude(pk=self.instance.pk).exists())

    def _suggest_what_is_usual(self) -> None:
        institution = getattr(self.parent_page.specific, "institution", None)
        if institution is None:
            return
        licence = apps.get_model("catalogue", "Licence").objects.active().filter(slug=institution.usual_licence).first()
        for name, usual in (
            ("language", institution.language),
            ("licence", licence.pk if licence else None),
            ("credit_line", institution.name),
            ("year", clock.today().year),
        ):
            if not self.initial.get(name):
                self.initial[name] = usual


def may_be_original(page_id: int, user: Any) -> bool:
    """Whether the user may name this page as what theirs translates: it is published, or of their own institution."""
    editions = apps.get_model("catalogue", "ResourcePage").objects.filter(pk=page_id)
    visible = Q(live=True, institution__is_active=True, institution__page__live=True)
    own = Q(institution_id=user.institution_id) if user is not None and user.institution_id else Q(pk__in=[])
    return bool(editions.filter(visible | own).exists())
