"""The sections of the resource editor, in the order in which somebody describes a resource."""

from typing import Any

from django import forms
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

from catalogue.forms import ResourceFileForm, ResourcePageForm
from catalogue.widgets import LanguageInput, LinesTextarea
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


CHECK_BOXES = forms.CheckboxSelectMultiple

WHAT_IT_IS = MultiFieldPanel(
    [
        TitleFieldPanel("title"),
        FieldPanel("abstract"),
        FieldRowPanel([FieldPanel("resource_type", widget=forms.Select), FieldPanel("language", widget=LanguageInput)]),
        FieldPanel("subjects"),
        FieldPanel("keywords", help_text=_("A few words that somebody would search for, in the language of the resource.")),
        FieldPanel("body", help_text=_("How to run it, step by step; what usually goes wrong; what visitors ask.")),
    ],
    heading=_("What it is"),
)


class FilesPanel(UploadsPanel):
    """Takes only files that the person's institution stored (catalogue.forms.ResourceFileForm)."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name].update(form=ResourceFileForm, inherit_kwargs=["for_user"])
        return options


FILES = FilesPanel(
    "files",
    [FieldPanel("stored_object", widget=StoredObjectInput), FieldPanel("caption"), FieldPanel("alt_text")],
    heading=_("Files"),
    label=_("File"),
    help_text=_("Everything that somebody needs to use it: texts, pictures, slides, a film. Files can be as large as they are."),
)

WHO_MAY_USE_IT = MultiFieldPanel(
    [
        FieldPanel(
            "licence", widget=forms.Select, help_text=_("What others may do with it: pass on, change, translate, use commercially.")
        ),
        FieldRowPanel([FieldPanel("access"), FieldPanel("embargo_until")]),
        FieldPanel("credit_line"),
        FieldRowPanel([FieldPanel("contributors", widget=LinesTextarea), FieldPanel("year")]),
    ],
    heading=_("Who made it, who may use it"),
)

FOR_WHOM = MultiFieldPanel(
    [
        FieldPanel("audience", widget=CHECK_BOXES),
        FieldRowPanel([FieldPanel("age_min"), FieldPanel("age_max")]),
        FieldPanel("learning_outcomes", widget=LinesTextarea),
        FieldPanel("accessibility", widget=CHECK_BOXES),
    ],
    heading=_("For whom"),
)

PRACTICALITIES = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("duration_minutes"), FieldPanel("group_size"), FieldPanel("cost", widget=forms.Select)]),
        FieldPanel("setting", widget=CHECK_BOXES),
        FieldPanel("materials", widget=LinesTextarea),
        FieldPanel("safety_note", help_text=_("Every hazard, and what to do about it. Leave empty if there is none.")),
    ],
    heading=_("Putting it on"),
)

CONNECTIONS = MultiFieldPanel(
    [
        FieldPanel("translation_of", help_text=_("The record here of the text that this one translates; both are shown together.")),
        FieldPanel("adapted_from"),
        FieldPanel("alternative_titles"),
        FieldRowPanel([FieldPanel("external_url"), FieldPanel("identifier")]),
        FieldPanel("slug"),
    ],
    heading=_("Connections and addresses"),
)

RESOURCE_EDIT_HANDLER = TabbedInterface(
    [
        ObjectList(
            [SentBackPanel(heading=_("Sent back")), WHAT_IT_IS, FILES, WHO_MAY_USE_IT, FOR_WHOM, PRACTICALITIES], heading=_("Resource")
        ),
        ObjectList([CONNECTIONS, CommentPanel()], heading=_("Connections and addresses")),
    ],
    base_form_class=ResourcePageForm,
)
