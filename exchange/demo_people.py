"""The people of the demo network: one for each role, with one known password. They exist in demo mode only."""

from dataclasses import dataclass

from django.db import transaction
from wagtail.users.models import UserProfile

from members import services as members_services
from members.models import Institution, Role, User

PASSWORD = "open-science-2026"  # noqa: S105 - printed at every start of a demo; members refuses such accounts elsewhere


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as."""

    email: str
    name: str
    roles: tuple[Role, ...]
    institution: str = ""
    language: str = "en"


ACCOUNTS = (
    Account("contributor@severnside.example", "Bronwen Attwell", (Role.CONTRIBUTOR,), "severnside"),
    Account("manager@severnside.example", "Idris Penrose", (Role.CONTRIBUTOR, Role.MANAGER), "severnside"),
    Account("curator@rhone-sciences.example", "Solène Guichard", (Role.CONTRIBUTOR, Role.CURATOR), "rhone-sciences", "fr"),
    Account("curator@pearl-river-science.example", "邝思琪", (Role.CURATOR,), "pearl-river-science", "zh-hans"),
    Account("contributor@wislany-piknik-nauki.example", "Zofia Maliszewska", (Role.CONTRIBUTOR,), "wislany-piknik-nauki"),
    Account("secretariat@festival-commons.example", "Amara Lindqvist", (Role.SECRETARIAT,)),
)


@transaction.atomic
def ensure_people() -> None:
    """Make the accounts that are not there; those that are stay as they are."""
    there = set(User.objects.filter(email__in=[account.email for account in ACCOUNTS]).values_list("email", flat=True))
    for account in ACCOUNTS:
        if account.email not in there:
            user = members_services.create_user(
                email=account.email,
                name=account.name,
                institution=Institution.objects.get(slug=account.institution) if account.institution else None,
                roles=account.roles,
                password=PASSWORD,
                language=account.language,
                is_demo=True,
            )
            _without_mail(user)


def _without_mail(user: User) -> None:
    """Send no notices: nobody reads them."""
    profile = UserProfile.get_for_user(user)
    profile.submitted_notifications = profile.approved_notifications = profile.rejected_notifications = False
    profile.save()


def person(email: str) -> User:
    """Return one of them."""
    return User.objects.get(email=email)
