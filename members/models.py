"""Institutions, their people, and what each may be."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import clock
from core.events import institution_changed


class Institution(models.Model):  # type: ignore[django-manager-missing]
    """A member of the network. Its public face is catalogue.InstitutionPage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(_("name"), max_length=200, help_text=_("In its own language and script."))
    names = models.JSONField(_("names in other languages"), default=dict, blank=True, help_text=_("Language tag to name."))
    country = models.CharField(
        _("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")], help_text=_("Two letters, ISO 3166-1, e.g. KE.")
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    language = models.CharField(_("usual language"), max_length=35, default="en", help_text=_("BCP 47 tag."))
    usual_licence = models.CharField(_("usual licence"), max_length=64, blank=True, help_text=_("Slug of a licence of the catalogue."))
    website = models.URLField(_("website"), blank=True)
    contact_name = models.CharField(_("contact for licence questions"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    quota_bytes = models.BigIntegerField(_("storage quota in bytes"), default=100 * 1024**3)
    quota_files = models.PositiveIntegerField(_("storage quota in files"), default=20_000)
    is_active = models.BooleanField(_("active member"), default=True)
    group = models.OneToOneField(
        Group, on_delete=models.PROTECT, null=True, editable=False, related_name="institution", help_text="Its contributors and managers."
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("name",)
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and tell the other rooms within the same transaction."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            institution_changed.send(sender=None, institution_id=self.id)

    def name_in(self, language: str) -> str:
        """Return the name in an interface language, else its own name."""
        return str(self.names.get(language) or self.names.get(language.split("-", maxsplit=1)[0]) or self.name)


class Role(models.TextChoices):
    """What a person may be. A contributor and a manager act within their institution; curators and the secretariat for the network."""

    CONTRIBUTOR = "contributor", _("Contributor")
    MANAGER = "manager", _("Licensing manager")
    CURATOR = "curator", _("Curator")
    SECRETARIAT = "secretariat", _("Secretariat")


class UserManager(BaseUserManager["User"]):
    """Makes users whose login is their e-mail address, compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=(username or "").strip())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved user; without a password the account cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved superuser: for emergencies only."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; a member of at most one institution. What they may do follows from their roles (members.services.set_roles)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, help_text=_("Kept in lower case: it is the login."))
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language of the interface"), max_length=10, default="en")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(default=False, editable=False, help_text="Has a known password; refused outside demo mode.")
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    visited_on = models.DateField(null=True, editable=False, help_text="The day they last looked through the library: members.visits.")
    visited_before_on = models.DateField(null=True, editable=False, help_text="The day of the visit before that.")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", violation_error_message=_("This address has an account already.")
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    @property
    def first_name(self) -> str:
        """The whole name: Wagtail's admin asks for two halves, which not every culture has."""
        return self.name

    @property
    def last_name(self) -> str:
        """Empty, see first_name."""
        return ""

    @property
    def is_staff(self) -> bool:
        """Whether Wagtail's admin is of use to this person."""
        return self.is_superuser or self.role_assignments.exists()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class RoleAssignment(models.Model):
    """One role of one person. The source of truth; Wagtail's groups are derived from it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role"], name="role_once_per_user"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class ApiToken(models.Model):
    """A key with which a program acts as a contributor of an institution. The secret is shown once; kept is its SHA-256.

    It lives no longer than its maker's right to make it: members.tokens decides at every use.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False, help_text="How the secret begins, to recognise it by.")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name
