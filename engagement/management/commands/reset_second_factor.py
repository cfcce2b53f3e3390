"""`manage.py reset_second_factor`: for a lost telephone without recovery codes, where no administrator can help."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from engagement.accounts import second_factor


class Command(BaseCommand):
    help = "Removes authenticator and recovery codes of an account. The next login sets up new ones where HTTPS is on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account called {name}.")
        if not second_factor.remove(user):
            raise CommandError(f"{name} has no second factor.")
        self.stdout.write(f"The second factor of {name} is removed.")
