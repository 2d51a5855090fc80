"""The secretariat's editing of the vocabularies: labels in every interface language; nothing can be deleted."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from catalogue.vocabulary import (
    AccessibilityFeature,
    Audience,
    CostBand,
    Licence,
    ResourceType,
    Setting,
    Subject,
    Term,
)


class TranslatedWidget(forms.MultiWidget):
    """One field for each language of the interface."""

    def __init__(self, *, rows: int = 0) -> None:
        self.codes = [code for code, _name in settings.LANGUAGES]
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {}
        for code, name in settings.LANGUAGES:
            attrs = {"aria-label": name, "placeholder": name, "lang": code}
            widgets[code.replace("-", "_")] = forms.Textarea({**attrs, "rows": rows}) if rows else forms.TextInput(attrs)
        super().__init__(widgets)

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code in self.codes]


class TranslatedField(forms.MultiValueField):
    """A mapping of interface language to text; empty languages are left out."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        fields = tuple(forms.CharField(required=False) for _code in settings.LANGUAGES)
        super().__init__(fields, widget=TranslatedWidget(rows=rows), require_all_fields=False, **kwargs)

    def compress(self, data_list: Any) -> dict[str, str]:
        return {code: text for (code, _name), text in zip(settings.LANGUAGES, data_list or [], strict=False) if text}


class TermForm(WagtailAdminModelForm):
    """A term; the slug is stable once it exists."""

    labels = TranslatedField(label=_("labels"), help_text=_("English is required; other languages fall back to it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None and "slug" in self.fields:
            self.fields["slug"].disabled = True


class LicenceForm(TermForm):
    """A licence, with its plain words."""

    summaries = TranslatedField(rows=3, label=_("summaries"), help_text=_("Two or three plain sentences: what it allows."), required=False)


class TermViewSet(SnippetViewSet):
    """What all vocabularies share."""

    extra_fields: tuple[str, ...] = ()
    form_base: type[TermForm] = TermForm
    list_display = ("__str__", "slug", BooleanColumn("is_active", label=_("active")))
    inspect_view_enabled = False
    copy_view_enabled = False

    @property
    def edit_handler(self) -> Any:
        names = ("slug", "labels", *self.extra_fields, "position", "is_active")
        return ObjectList([FieldPanel(name) for name in names], base_form_class=self.form_base)


def viewset(vocabulary: type[Term], *extra: str, form: type[TermForm] = TermForm) -> type[TermViewSet]:
    """Return the viewset of a vocabulary with fields of its own."""
    return type(f"{vocabulary.__name__}ViewSet", (TermViewSet,), {"model": vocabulary, "extra_fields": extra, "form_base": form})


class VocabularyGroup(SnippetViewSetGroup):
    """The vocabularies in the menu."""

    menu_label = _("Vocabularies")
    menu_name = "vocabularies"
    menu_icon = "list-ul"
    menu_order = 50
    items = (
        viewset(ResourceType),
        viewset(Subject, "parent"),
        viewset(Audience, "age_min", "age_max"),
        viewset(Setting),
        viewset(CostBand),
        viewset(AccessibilityFeature, "schema_value"),
        viewset(
            Licence,
            "kind",
            "url",
            "may_share",
            "may_adapt",
            "may_translate",
            "may_use_commercially",
            "must_share_alike",
            "must_credit",
            "summaries",
            form=LicenceForm,
        ),
    )


def register() -> None:
    """Register the vocabularies with Wagtail's snippets; called by wagtail_hooks."""
    register_snippet(VocabularyGroup)
