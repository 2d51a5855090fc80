"""The sections of the resource editor, in the order in which somebody describes a resource."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.models import WorkflowState

from catalogue import completeness
from catalogue.forms import ResourceFileForm, ResourcePageForm
from catalogue.widgets import LanguageInput, LinesTextarea
from media import selectors as media_selectors
from media.panels import UploadsPanel
from media.widgets import StoredObjectInput


class SentBackPanel(Panel):
    """What the curator asked for, beside the fields in which it is to be mended."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalogue/admin/sent_back.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.comment)

        @cached_property
        def comment(self) -> str:
            state = self.instance.current_workflow_state if self.instance.pk else None
            return state.current_task_state.comment if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES else ""


class OthersPanel(Panel):
    """Says who else is at this resource, in a sentence (static/src/editor/others.js)."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalogue/admin/others.html"


class CopyPanel(Panel):
    """The way to begin with a copy, in the empty form of a new resource."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalogue/admin/copy_panel.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.instance.pk is None)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "copy_url": reverse("resource_copy")}


class CompletenessPanel(Panel):
    """What is missing before it can be submitted, and what would make it better to find; static/src/editor/ keeps it up to date."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalogue/admin/completeness.html"

        def is_shown(self) -> bool:
            waits = self.instance.pk and self.instance.workflow_in_progress
            return bool(super().is_shown() and self.form is not None and not waits)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            there = completeness.filled(self._value)
            files_wait = bool(media_selectors.not_ready(self._files()))
            required = [self._line(need, there) for need in completeness.REQUIRED]
            met = sum(line["is_met"] for line in required)
            return {
                **super().get_context_data(parent_context),
                "required": required,
                "helpful": [self._line(need, there) for need in completeness.HELPFUL],
                "met": met,
                "is_complete": met == len(required) and not files_wait,
                "files_wait": files_wait,
                "placeholder": completeness.placeholder_title(self.instance.identifier),
            }

        def _line(self, need: completeness.Need, there: set[str]) -> dict[str, Any]:
            return {"need": need, "is_met": any(name in there for name in need.fields)}

        def _value(self, name: str) -> Any:
            return self._files() if name == "files" else self.form[name].value()

        def _files(self) -> list[UUID]:
            chosen = []
            for form in self.form.formsets["files"].forms:
                if not form["DELETE"].value():
                    with suppress(ValueError):  # empty, or what a browser does not send
                        chosen.append(UUID(str(form["stored_object"].value())))
            return chosen


class FocalPointPanel(FieldRowPanel):
    """Two numbers, and the picture they are of, in which a click sets them (static/src/editor/focal_point.js)."""

    class BoundPanel(FieldRowPanel.BoundPanel):
        template_name = "catalogue/admin/focal_point.html"


class KeywordSuggestionsPanel(Panel):
    """Keywords that the text suggests, to be added by a click (static/src/editor/keywords.js)."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalogue/admin/keyword_suggestions.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "url": reverse("keyword_suggestions")}


CHECK_BOXES = forms.CheckboxSelectMultiple
PER_CENT = forms.NumberInput(attrs={"min": 0, "max": 100})

WHAT_IT_IS = MultiFieldPanel(
    [
        TitleFieldPanel("title", placeholder=False, help_text=_("Short, and clear to somebody who has never heard of it.")),
        FieldPanel("abstract"),
        FieldRowPanel(
            [
                FieldPanel("resource_type", widget=forms.Select),
                FieldPanel(
                    "language",
                    widget=LanguageInput,
                    help_text=_("Begin to type its name. One that is not in the list can be written as a BCP 47 tag."),
                ),
            ]
        ),
        FieldPanel("alternative_titles"),
        FieldPanel("subjects"),
        FieldPanel("keywords", help_text=_("A few words that somebody would search for, in the language of the resource.")),
        KeywordSuggestionsPanel(),
        FieldPanel("body", help_text=_("How to run it, step by step; what usually goes wrong; what visitors ask.")),
    ],
    heading=_("What it is"),
    help_text=_("Write for a colleague at another festival who has never seen it and has two minutes to decide."),
)

FOR_WHOM_AND_HOW = MultiFieldPanel(
    [
        FieldPanel("audience", widget=CHECK_BOXES),
        FieldRowPanel([FieldPanel("age_min"), FieldPanel("age_max")]),
        FieldRowPanel([FieldPanel("duration_minutes"), FieldPanel("group_size"), FieldPanel("cost", widget=forms.Select)]),
        FieldPanel("setting", widget=CHECK_BOXES),
        FieldPanel("materials", widget=LinesTextarea),
        FieldPanel("safety_note", help_text=_("Every hazard, and what to do about it. Leave empty if there is none.")),
        FieldPanel("learning_outcomes", widget=LinesTextarea),
        FieldPanel("accessibility", widget=CHECK_BOXES),
    ],
    heading=_("For whom and how"),
    help_text=_("Who enjoys it, and what somebody needs to put it on: time, place, people, money. Leave out what you do not know."),
)


class FilesPanel(UploadsPanel):
    """Takes only files that the person's institution stored (catalogue.forms.ResourceFileForm)."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name].update(form=ResourceFileForm, inherit_kwargs=["for_user"])
        return options


FILES = FilesPanel(
    "files",
    [
        FieldPanel("stored_object", widget=StoredObjectInput),
        FieldPanel("caption"),
        FieldPanel("alt_text"),
        FocalPointPanel([FieldPanel("focal_point_x", widget=PER_CENT), FieldPanel("focal_point_y", widget=PER_CENT)]),
    ],
    heading=_("Files"),
    label=_("File"),
    help_text=_(
        "Everything that somebody needs to use it: texts, pictures, slides, a film. Files can be as large as they are. "
        "Subtitles belong to the film that their name begins with, in the language at its end: tide.mp4, tide.fr.srt."
    ),
)

RIGHTS_AND_CREDITS = MultiFieldPanel(
    [
        FieldPanel(
            "licence", widget=forms.Select, help_text=_("What others may do with it: pass on, change, translate, use commercially.")
        ),
        FieldRowPanel([FieldPanel("access"), FieldPanel("embargo_until")]),
        FieldRowPanel([FieldPanel("contributors", widget=LinesTextarea), FieldPanel("year")]),
        FieldPanel("credit_line"),
    ],
    heading=_("Rights and credits"),
    help_text=_("Only give away what is yours to give: ask those who made pictures, texts or music that are not your own."),
)

CONNECTIONS = MultiFieldPanel(
    [
        FieldPanel("translation_of", help_text=_("The record here of the text that this one translates; both are shown together.")),
        FieldPanel("adapted_from"),
        FieldRowPanel([FieldPanel("external_url"), FieldPanel("identifier")]),
        FieldPanel("slug"),
    ],
    heading=_("Connections and addresses"),
)

RESOURCE_EDIT_HANDLER = TabbedInterface(
    [
        ObjectList(
            [
                OthersPanel(),
                SentBackPanel(heading=_("Sent back")),
                CopyPanel(),
                CompletenessPanel(heading=_("How complete it is")),
                WHAT_IT_IS,
                FOR_WHOM_AND_HOW,
                FILES,
                RIGHTS_AND_CREDITS,
            ],
            heading=_("Resource"),
        ),
        ObjectList([CONNECTIONS, CommentPanel()], heading=_("Connections and addresses")),
    ],
    base_form_class=ResourcePageForm,
)
