"""The curators' queue and the page on which they judge. Closed to everybody else by the policy, not by not being linked."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import TaskState

from catalogue import review
from catalogue.curator_task import may_judge_state, waiting_for
from core.errors import ConflictError
from members.models import Role
from members.viewer import Viewer


class DecisionForm(forms.Form):
    """Approve, or send back with a reason."""

    comment = forms.CharField(
        label=gettext_lazy("Comment to the institution"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Needed when you send it back: what exactly should be changed, and why. It is sent to who submitted it."),
    )
    decision = forms.ChoiceField(choices=[("approve", "approve"), ("reject", "reject")])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == "reject" and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Please say what should be changed: “no” alone helps nobody to do better."))
        return cleaned


class Queue(WagtailAdminTemplateMixin, TemplateView):
    """What waits for this curator, the longest waiting first."""

    template_name = "catalogue/admin/queue.html"
    page_title = gettext_lazy("Moderation")
    header_icon = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not Viewer.of(request.user).has(Role.CURATOR):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        states = waiting_for(self.request.user).select_related("revision", "workflow_state__requested_by").order_by("started_at")
        return super().get_context_data(submissions=[review.submission(state) for state in states], **kwargs)


class Review(WagtailAdminTemplateMixin, TemplateView):
    """One submission, whole; approve it or send it back."""

    template_name = "catalogue/admin/review.html"
    header_icon = "tasks"

    def setup(self, request: HttpRequest, *args: Any, task_state_id: int, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.task_state = TaskState.objects.filter(pk=task_state_id).select_related("revision", "workflow_state").first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not Viewer.of(request.user).has(Role.CURATOR):
            raise PermissionDenied
        if self.task_state is None:
            raise Http404
        if self.task_state.status != TaskState.STATUS_IN_PROGRESS:
            messages.info(request, _("This has been decided, or was taken back, meanwhile."))
            return redirect("moderation_queue")
        if not may_judge_state(request.user, self.task_state):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        decision, comment = form.cleaned_data["decision"], form.cleaned_data["comment"].strip()
        try:
            self.task_state.task.specific.on_action(self.task_state, request.user, decision, comment=comment)
        except ConflictError as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        title = self.task_state.revision.object_str
        done = _("“%(title)s” is published.") if decision == "approve" else _("“%(title)s” was sent back with your comment.")
        messages.success(request, done % {"title": title})
        return redirect("moderation_queue")

    def get_page_title(self) -> str:
        return str(self.task_state.revision.object_str)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*Queue.breadcrumbs_items, {"url": "../", "label": Queue.page_title}, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = review.submission(self.task_state)
        kwargs.setdefault("form", DecisionForm())
        return super().get_context_data(submission=submission, changes=submission.changes(self.request), **kwargs)
