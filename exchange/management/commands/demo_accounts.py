"""`manage.py demo_accounts`: says as whom one can sign in to the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exchange.demo_people import PASSWORD
from members.models import User


class Command(BaseCommand):
    """Prints one line an account; the password is the same for all."""

    help = "Print the accounts of the demo network."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: there are no accounts with known passwords.")
        users = User.objects.filter(is_demo=True, is_active=True).select_related("institution").prefetch_related("role_assignments")
        for user in users.order_by("email"):
            roles = ", ".join(sorted(assignment.role for assignment in user.role_assignments.all()))
            where = f" at {user.institution.name}" if user.institution else ""
            self.stdout.write(f"  {user.email:<50} {roles}{where}")
        if users:
            self.stdout.write(f"  The password of each is {PASSWORD}")
