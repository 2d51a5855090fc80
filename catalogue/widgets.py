"""Form widgets of the editor. They work without JavaScript."""

import re
from typing import Any

import langcodes
from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalogue.fields import as_lines
from catalogue.vocabulary import Subject
from core.languages import language_name, own_name

_OFFERED = (
    "ar bn bg ca cs da de el en es et eu fa fi fr ga gl ha he hi hr hu hy id ig is it ja ka kk km ko lt lv mk ml mn ms mt my nb ne nl nn "
    "pa pl pt pt-BR ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi xh yo zh-Hans zh-Hant zu"
)
OFFERED_LANGUAGES = tuple(_OFFERED.split())
"""Offered by name; any other BCP 47 tag can be typed."""


class LanguageInput(forms.TextInput):
    """A text field that offers languages by name and takes any BCP 47 tag."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}-languages"
        field = super().render(name, value, {**(attrs or {}), "list": list_id, "autocomplete": "off", "spellcheck": "false"}, renderer)
        options = format_html_join(
            "", '<option value="{}">{} – {}</option>', ((tag, language_name(tag), own_name(tag)) for tag in OFFERED_LANGUAGES)
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


def canonical_tag(text: str) -> str:
    """Return a language tag in its canonical form; what is no tag comes back as it is, for the validator to refuse."""
    text = text.strip()
    return langcodes.standardize_tag(text) if text and langcodes.tag_is_valid(text) else text


class TreeIterator(ModelChoiceIterator):  # type: ignore[type-arg]
    """Gives subjects in tree order, the label of each indented by its level."""

    def __iter__(self) -> Any:
        children: dict[int | None, list[Subject]] = {}
        for term in self.queryset:
            children.setdefault(term.parent_id, []).append(term)
        shown = {term.pk for siblings in children.values() for term in siblings}
        roots = [term for parent, siblings in children.items() if parent not in shown for term in siblings]
        yield from self._branch(roots, children, 0)

    def _branch(self, terms: list[Subject], children: dict[int | None, list[Subject]], depth: int) -> Any:
        for term in terms:
            value, label = self.choice(term)
            yield value, "\u2003" * depth + label
            yield from self._branch(children.get(term.pk, []), children, depth + 1)


class LinesTextarea(forms.Textarea):
    """One entry a line."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 4, **(attrs or {})})


class AlternativeTitlesField(forms.CharField):
    """A mapping of language tag to title, written as lines: "fr: Les bateaux à savon"."""

    widget = LinesTextarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{tag}: {title}" for tag, title in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        titles: dict[str, str] = {}
        for line in as_lines(value or ""):
            tag, colon, title = line.partition(":")
            tag = canonical_tag(tag)
            if not colon or not title.strip() or not langcodes.tag_is_valid(tag):
                raise forms.ValidationError(
                    _("“%(line)s” is not a language tag, a colon and a title. Example: fr: Les bateaux à savon"), params={"line": line}
                )
            titles[tag] = title.strip()
        return titles

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or {}))
        except forms.ValidationError:
            return True


class WorkReferenceField(forms.CharField):
    """A work, given by the address of its record or by its identifier (UUID); `works` are those that may be named."""

    works: Any = None
    pattern = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)

    def prepare_value(self, value: Any) -> Any:
        return str(getattr(value, "pk", value) or "")

    def to_python(self, value: Any) -> Any:
        text = (value or "").strip()
        if not text:
            return None
        found = self.pattern.search(text)
        work = self.works.filter(pk=found[0]).first() if found else None
        if work is None:
            raise forms.ValidationError(_("No published resource has this address."))
        return work

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)


class SubjectField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Check boxes of the subject tree."""

    iterator = TreeIterator
    widget = forms.CheckboxSelectMultiple
