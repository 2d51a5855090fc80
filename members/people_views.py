"""The secretariat's keeping of people: who they are, where they belong, what they may be. No password passes through its hands."""

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, ListView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.errors import UserFacingError
from members import policies
from members.models import Institution, Role, User
from members.services import create_user, set_active, set_institution, set_roles, update_user
from members.signed_in import user_of
from members.viewer import Viewer


class PersonForm(forms.Form):
    """Everything about a person but the password."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), help_text=gettext_lazy("It is the login."))
    institution = forms.ModelChoiceField(Institution.objects.all(), required=False, label=gettext_lazy("Institution"))
    roles = forms.MultipleChoiceField(
        choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Roles")
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=gettext_lazy("Language of the interface"))
    is_active = forms.BooleanField(label=gettext_lazy("May sign in"), required=False, initial=True)


class SecretariatOnly(WagtailAdminTemplateMixin):
    """Closed to everybody who may not manage people."""

    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_manage_people(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_header_title()}]


class People(SecretariatOnly, ListView):  # type: ignore[type-arg]
    """Everybody with an account."""

    template_name = "members/admin/people.html"
    page_title = gettext_lazy("People")
    context_object_name = "people"
    paginate_by = 100
    queryset = User.objects.select_related("institution").prefetch_related("role_assignments")


class PersonFormView(SecretariatOnly, FormView):  # type: ignore[type-arg]
    """What adding and changing share."""

    form_class = PersonForm
    template_name = "catalogue/admin/ask.html"

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form.cleaned_data)
        except UserFacingError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return redirect("people_list")

    def act(self, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(button=_("Save"), **kwargs)


class AddPerson(PersonFormView):
    """A new account; its owner gets a mail with a link on which to set the password."""

    page_title = gettext_lazy("New person")

    def act(self, data: dict[str, Any]) -> None:
        fields = {name: data[name] for name in ("email", "name", "institution", "roles", "language")}
        user = create_user(by=user_of(self.request), password=secrets.token_urlsafe(32), **fields)
        set_active(user, data["is_active"], by=user_of(self.request))
        invitation = PasswordResetForm({"email": user.email})
        if invitation.is_valid():
            invitation.save(
                request=self.request,
                subject_template_name="members/password_reset_subject.txt",
                email_template_name="members/password_reset_email.txt",
                extra_email_context={"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME},
            )
        messages.success(self.request, _("%(name)s has an account. A mail with a link to set the password is sent.") % {"name": user.name})


class EditPerson(PersonFormView):
    """Another name, institution, set of roles."""

    page_title = gettext_lazy("Person")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(User, pk=kwargs["user_id"])

    def get_page_subtitle(self) -> str:
        return self.person.name

    def get_initial(self) -> dict[str, Any]:
        initial = {name: getattr(self.person, name) for name in ("name", "email", "institution", "language", "is_active")}
        return {**initial, "roles": list(self.person.role_assignments.values_list("role", flat=True))}

    def act(self, data: dict[str, Any]) -> None:
        by = user_of(self.request)
        with transaction.atomic():
            update_user(self.person, by=by, **{name: data[name] for name in ("name", "email", "language")})
            set_institution(self.person, data["institution"], by=by)
            set_roles(self.person, data["roles"], by=by)
            set_active(self.person, data["is_active"], by=by)
        messages.success(self.request, _("Saved."))
