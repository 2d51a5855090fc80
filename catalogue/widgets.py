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
from core.languages import COUNTRY_CODES, OFFERED_LANGUAGES, country_name, name_with_tag, own_name, tag_of, without_accents


class LanguageInput(forms.TextInput):
    """A text field that offers languages by their names in the reader's language. Its value is a BCP 47 tag; any can be typed."""

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return name_with_tag(text) if text and langcodes.tag_is_valid(text) else text

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = super().value_from_datadict(data, files, name)
        return tag_of(text) if isinstance(text, str) else text

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        self.attrs.pop("maxlength", None)  # of the tag; a name is longer
        list_id = f"{(attrs or {}).get('id', name)}-languages"
        field = super().render(name, value, {**(attrs or {}), "list": list_id, "autocomplete": "off", "spellcheck": "false"}, renderer)
        offered = sorted(((name_with_tag(tag), own_name(tag)) for tag in OFFERED_LANGUAGES), key=lambda pair: without_accents(pair[0]))
        options = format_html_join("", '<option value="{}">{}</option>', offered)
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


def country_choices() -> list[tuple[str, str]]:
    """Return the countries of ISO 3166-1, by their names in the reader's language."""
    named_countries = ((code, country_name(code)) for code in COUNTRY_CODES)
    return [("", "---------"), *sorted(named_countries, key=lambda pair: without_accents(pair[1]))]


class TreeIterator(ModelChoiceIterator):  # type: ignore[type-arg]
    """Gives subjects in tree order, the label of each indented by its level, and first the empty choice, if the field has one."""

    def __iter__(self) -> Any:
        children: dict[int | None, list[Subject]] = {}
        for term in self.queryset:
            children.setdefault(term.parent_id, []).append(term)
        shown = {term.pk for siblings in children.values() for term in siblings}
        roots = [term for parent, siblings in children.items() if parent not in shown for term in siblings]
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
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
    """A mapping of language tag to title, written as lines: "French (fr): Les bateaux à savon"; the name or the tag is enough."""

    widget = LinesTextarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name_with_tag(tag)}: {title}" for tag, title in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        titles: dict[str, str] = {}
        for line in as_lines(value or ""):
            tag, colon, title = line.partition(":")
            tag = tag_of(tag)
            if not colon or not title.strip() or not langcodes.tag_is_valid(tag):
                raise forms.ValidationError(
                    _("“%(line)s” is not a language, a colon and a title. Example: French: Les bateaux à savon"), params={"line": line}
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
