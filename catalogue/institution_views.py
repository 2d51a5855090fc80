"""The secretariat's list of institutions, and the profile that an institution's managers keep."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from catalogue.models import InstitutionPage, Licence
from catalogue.services import create_institution, rename_institution, set_institution_active, set_quota, update_institution
from catalogue.widgets import LanguageInput, country_choices
from core.errors import UserFacingError
from core.languages import tag_of
from media import selectors as media_selectors
from media.selectors import Usage
from members import policies
from members.models import Institution
from members.signed_in import user_of
from members.viewer import Viewer

GIB = 1024**3
QUOTA_FIELDS = {"quota_bytes": "quota_gib", "quota_files": "quota_files"}


class ProfileForm(forms.Form):
    """What a manager may change. Names and descriptions in the languages of the interface."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("In its own language and script."))
    slug = forms.SlugField(
        label=gettext_lazy("Address"), max_length=80, help_text=gettext_lazy("Last part of the page's address. Old addresses lead on.")
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices)
    city = forms.CharField(label=gettext_lazy("City"), max_length=100, required=False)
    language = forms.CharField(label=gettext_lazy("Usual language"), max_length=35, widget=LanguageInput)
    usual_licence = forms.ModelChoiceField(
        Licence.objects.active(), to_field_name="slug", required=False, label=gettext_lazy("Usual licence")
    )
    website = forms.URLField(label=gettext_lazy("Website"), required=False, assume_scheme="https")
    contact_name = forms.CharField(label=gettext_lazy("Contact for licence questions"), max_length=200, required=False)
    contact_email = forms.EmailField(label=gettext_lazy("Contact e-mail"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name in %(language)s") % {"language": language}, max_length=200, required=False
            )
        for code, language in settings.LANGUAGES:
            self.fields[f"description_{code}"] = forms.CharField(
                label=_("Description in %(language)s") % {"language": language}, required=False, widget=forms.Textarea({"rows": 5})
            )

    def clean_language(self) -> str:
        return tag_of(self.cleaned_data["language"])

    def values(self) -> dict[str, Any]:
        """Return what update_institution takes: JSON of names and descriptions, languages that the form does not know kept."""
        data = self.cleaned_data
        fields = {name: data[name] for name in ("country", "city", "language", "website", "contact_name", "contact_email")}
        fields["usual_licence"] = data["usual_licence"].slug if data["usual_licence"] else ""
        fields["names"] = self._translated("name", self.initial.get("names", {}))
        fields["descriptions"] = self._translated("description", self.initial.get("descriptions", {}))
        return fields

    def _translated(self, prefix: str, present: dict[str, str]) -> dict[str, str]:
        known = {code: self.cleaned_data[f"{prefix}_{code}"].strip() for code, _name in settings.LANGUAGES}
        return {code: text for code, text in {**present, **known}.items() if text}


class SecretariatForm(ProfileForm):
    """What the secretariat may change besides."""

    quota_gib = forms.IntegerField(label=gettext_lazy("Storage space, in GiB"), min_value=1, max_value=10**6, initial=100)
    quota_files = forms.IntegerField(label=gettext_lazy("Largest number of files"), min_value=0, max_value=10**9, initial=20_000)

    def quota(self) -> dict[str, int]:
        """Return what set_quota takes: only what was changed, for a quota need not be whole GiB."""
        data = {"quota_bytes": self.cleaned_data["quota_gib"] * GIB, "quota_files": self.cleaned_data["quota_files"]}
        return {name: data[name] for name, field in QUOTA_FIELDS.items() if field in self.changed_data}

    def say_usage(self, usage: Usage) -> None:
        """Say under the quotas how much is used."""
        self.fields["quota_gib"].help_text = _("In use: %(size)s.") % {"size": filesizeformat(usage.bytes)}
        self.fields["quota_files"].help_text = _("In use: %(size)s.") % {"size": usage.files}


def initial_of(institution: Institution) -> dict[str, Any]:
    """Return the form's values for an institution."""
    page = InstitutionPage.objects.get(institution=institution)
    names = ("name", "slug", "country", "city", "language", "usual_licence", "website", "contact_name", "contact_email", "names")
    initial = {name: getattr(institution, name) for name in names}
    initial["descriptions"] = page.descriptions
    initial["quota_gib"], initial["quota_files"] = max(1, institution.quota_bytes // GIB), institution.quota_files
    for code, _name in settings.LANGUAGES:
        initial[f"name_{code}"] = institution.names.get(code, "")
        initial[f"description_{code}"] = page.descriptions.get(code, "")
    return initial


class InstitutionList(WagtailAdminTemplateMixin, TemplateView):
    """Every institution, for the secretariat."""

    template_name = "catalogue/admin/institutions.html"
    page_title = gettext_lazy("Institutions")
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_create_institutions(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(institutions=Institution.objects.select_related("page"), **kwargs)


class InstitutionFormView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """What adding and changing share."""

    template_name = "catalogue/admin/ask.html"
    header_icon = "group"
    form_class = ProfileForm
    button = gettext_lazy("Save")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self.act(form)
        except UserFacingError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)

    def act(self, form: ProfileForm) -> HttpResponse:
        raise NotImplementedError

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_header_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(button=self.button, **kwargs)


class AddInstitution(InstitutionFormView):
    """A new member of the network."""

    page_title = gettext_lazy("New institution")
    form_class = SecretariatForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_create_institutions(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: SecretariatForm) -> HttpResponse:  # type: ignore[override]
        data = form.cleaned_data
        create_institution(slug=data["slug"], name=data["name"], by=user_of(self.request), **(form.values() | form.quota()))
        messages.success(self.request, _("%(name)s is a member of the network.") % {"name": data["name"]})
        return redirect("institution_list")


class Profile(InstitutionFormView):
    """Name, description, contact and usual terms of an institution; takes effect at once, outside moderation."""

    page_title = gettext_lazy("Institution")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.institution = get_object_or_404(Institution, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_edit_institution(Viewer.of(request.user), self.institution.id):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.institution.name

    def get_form_class(self) -> type[ProfileForm]:
        return SecretariatForm if policies.may_set_quota(Viewer.of(self.request.user)) else ProfileForm

    def get_form(self, form_class: type[ProfileForm] | None = None) -> ProfileForm:
        form: ProfileForm = super().get_form(form_class)
        if isinstance(form, SecretariatForm):
            form.say_usage(media_selectors.usage(self.institution.id))
        return form

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.institution)

    def get_header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("API tokens"), reverse("institution_tokens", args=[self.institution.slug]), icon_name="key")]

    def act(self, form: ProfileForm) -> HttpResponse:
        data, user = form.cleaned_data, user_of(self.request)
        update_institution(self.institution, by=user, **form.values())
        if isinstance(form, SecretariatForm):
            set_quota(self.institution, by=user, **form.quota())
        if (data["name"], data["slug"]) != (self.institution.name, self.institution.slug):
            rename_institution(self.institution, name=data["name"], slug=data["slug"], by=user)
        messages.success(self.request, _("Saved. Readers see it at once."))
        return redirect("institution_profile", self.institution.slug)


class Activity(WagtailAdminTemplateMixin, TemplateView):
    """End a membership, or take it up again."""

    template_name = "catalogue/admin/activity.html"
    page_title = gettext_lazy("Membership")
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.institution = get_object_or_404(Institution, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_deactivate_institutions(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.institution.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_header_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(institution=self.institution, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        active = request.POST.get("active") == "yes"
        set_institution_active(self.institution, active, by=user_of(request))
        done = _("%(name)s is an active member again.") if active else _("The membership of %(name)s has ended.")
        messages.success(request, done % {"name": self.institution.name})
        return redirect("institution_list")
