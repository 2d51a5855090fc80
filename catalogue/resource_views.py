"""Lists of resources to act on, and withdrawing one or giving it to another institution: a page that asks, then the service."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, ListView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from catalogue import policies
from catalogue.dashboard import row_of
from catalogue.models import InstitutionPage, ResourcePage
from catalogue.services import move_resource, withdraw
from core.errors import UserFacingError
from members.models import Institution
from members.signed_in import user_of
from members.viewer import Viewer


class WithdrawForm(forms.Form):
    """Why, for the record; may stay empty."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("For the network's record; readers do not see it."),
    )


class MoveForm(forms.Form):
    """Whose it shall be."""

    institution = forms.ModelChoiceField(queryset=Institution.objects.filter(is_active=True), label=gettext_lazy("Institution"))


class ResourceFormView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """What both share: the edition, the policy, the service, and a message."""

    template_name = "catalogue/admin/ask.html"
    header_icon = "doc-empty-inverse"
    question: Any
    button: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.edition = get_object_or_404(ResourcePage, pk=kwargs["page_id"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.is_allowed(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            done = self.act(form.cleaned_data)
        except UserFacingError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, done)
        return redirect("wagtailadmin_home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=self.question, button=self.button, edition=self.edition, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.edition.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_header_title()}]

    def is_allowed(self, viewer: Viewer) -> bool:
        raise NotImplementedError

    def act(self, answers: dict[str, Any]) -> str:
        raise NotImplementedError


class NetworkResources(WagtailAdminTemplateMixin, ListView):  # type: ignore[type-arg]
    """Every resource of the network, for the secretariat: to find one that must be withdrawn or moved."""

    template_name = "catalogue/admin/resources.html"
    page_title = gettext_lazy("Resources")
    header_icon = "doc-full-inverse"
    context_object_name = "editions"
    paginate_by = 50

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_move(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> "QuerySet[ResourcePage]":
        words = self.request.GET.get("q", "").strip()[:200]
        editions = ResourcePage.objects.select_related("institution").order_by("-latest_revision_created_at", "-pk")
        named = Q(title__icontains=words) | Q(institution__name__icontains=words) | Q(identifier__iexact=words)
        return editions.filter(named) if words else editions

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(q=self.request.GET.get("q", ""), **kwargs)
        return {**context, "rows": [row_of(edition) for edition in context["editions"]]}


class CopyFrom(WagtailAdminTemplateMixin, ListView):  # type: ignore[type-arg]
    """The institution's own resources, to begin a new one with what one of them says."""

    template_name = "catalogue/admin/copy.html"
    page_title = gettext_lazy("Begin with a copy")
    header_icon = "copy"
    paginate_by = 50

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.institution = user_of(request).institution
        if self.institution is None or not policies.may_edit(Viewer.of(request.user), self.institution.pk):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> "QuerySet[ResourcePage]":
        words = self.request.GET.get("q", "").strip()[:200]
        editions = ResourcePage.objects.filter(institution=self.institution).order_by("-latest_revision_created_at", "-pk")
        named = Q(title__icontains=words) | Q(draft_title__icontains=words) | Q(identifier__iexact=words)
        return editions.filter(named) if words else editions

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(q=self.request.GET.get("q", ""), **kwargs)
        parent = InstitutionPage.objects.get(institution=self.institution)
        add_url = reverse("wagtailadmin_pages:add", args=("catalogue", "resourcepage", parent.pk))
        return {**context, "rows": [row_of(edition) for edition in context["object_list"]], "add_url": add_url}


class Withdraw(ResourceFormView):
    """Take a published resource out of the catalogue."""

    form_class = WithdrawForm
    page_title = gettext_lazy("Withdraw")
    button = gettext_lazy("Withdraw it")
    question = gettext_lazy(
        "It disappears from the catalogue and from search at once, and its files can no longer be had by others. "
        "It stays here as a draft, and can be submitted again."
    )

    def is_allowed(self, viewer: Viewer) -> bool:
        return policies.may_withdraw(viewer, self.edition.institution_id)

    def act(self, answers: dict[str, Any]) -> str:
        withdraw(self.edition, by=user_of(self.request), reason=answers["reason"])
        return _("“%(title)s” is withdrawn.") % {"title": self.edition.title}


class Move(ResourceFormView):
    """Give a resource to another institution."""

    form_class = MoveForm
    page_title = gettext_lazy("Give to another institution")
    button = gettext_lazy("Move it")
    question = gettext_lazy(
        "Its people can then edit it, and its name stands on the record. Old addresses lead to the new one. "
        "The files stay those of the institution that uploaded them."
    )

    def is_allowed(self, viewer: Viewer) -> bool:
        return policies.may_move(viewer)

    def act(self, answers: dict[str, Any]) -> str:
        move_resource(self.edition, to=answers["institution"], by=user_of(self.request))
        return _("“%(title)s” now belongs to %(institution)s.") % {"title": self.edition.title, "institution": answers["institution"]}
