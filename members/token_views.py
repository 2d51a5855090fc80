"""The page on which an institution's API tokens are made and revoked."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from members import policies, tokens
from members.models import ApiToken, Institution
from members.signed_in import user_of
from members.viewer import Viewer


def lifetimes() -> list[tuple[int, str]]:
    return [(days, ngettext("%(count)d day", "%(count)d days", days) % {"count": days}) for days in tokens.LIFETIMES]


class TokenForm(forms.Form):
    """What a new token is for, and how long it holds."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Which program uses it, and where: “archive script, Severn office”."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Holds for"),
        coerce=int,
        choices=lifetimes,
        initial=tokens.LIFETIMES[1],
    )


@method_decorator(never_cache, name="dispatch")
class InstitutionTokens(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """All tokens of an institution that are not revoked; a new one's secret is in the answer to the form, and nowhere else."""

    form_class = TokenForm
    template_name = "members/admin/tokens.html"
    page_title = gettext_lazy("API tokens")
    header_icon = "key"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.institution = get_object_or_404(Institution, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_manage_tokens(Viewer.of(request.user), self.institution.id):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "revoke" not in request.POST:
            return super().post(request, *args, **kwargs)
        token = next((each for each in tokens.tokens_of(self.institution) if str(each.pk) == request.POST["revoke"]), None)
        if token:
            tokens.revoke_token(token, by=user_of(request))
            messages.success(request, _("“%(name)s” is revoked: programs that use it are refused from now on.") % {"name": token.name})
        return redirect("institution_tokens", self.institution.slug)

    def form_valid(self, form: Any) -> HttpResponse:
        _token, secret = tokens.create_token(self.institution, **form.cleaned_data, by=user_of(self.request))
        return self.render_to_response(self.get_context_data(form=TokenForm(), secret=secret))

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_page_subtitle(self) -> str:
        return self.institution.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_header_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=[Row(token) for token in tokens.tokens_of(self.institution)], **kwargs)


class Row:
    """A token as the page shows it."""

    def __init__(self, token: ApiToken) -> None:
        self.token = token
        self.is_valid = tokens.is_valid(token)
