"""`manage.py createstaff`: an account for the admin, with one of the roles of engagement/roles.py."""

import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from engagement.roles import ROLES, give


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="", help="where a forgotten password is reset")
        parser.add_argument("--role", default="editor", choices=ROLES)
        parser.add_argument("--password-stdin", action="store_true", help="the first line of standard input")
        parser.add_argument("--no-input", action="store_true", help="never ask; needs --password-stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model()(username=options["username"], email=options["email"])
        if get_user_model().objects.filter(username=user.username).exists():
            raise CommandError(f"There is already an account called {user.username}.")
        try:
            user.full_clean(exclude=["password"])
            password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else self.ask(**options)
            validate_password(password, user)
        except ValidationError as error:
            self.stderr.write("\n".join(error.messages))
            sys.exit(1)
        user.set_password(password)
        give(user, ROLES[options["role"]])
        self.stdout.write(f"{user.username} ({options['role']}) may now log in at {reverse('admin:index')}")
        if settings.HTTPS:
            self.stdout.write("The second factor is set up at the first login: it needs an authenticator app.")

    def ask(self, no_input: bool, **options: Any) -> str:
        if no_input or not sys.stdin.isatty():
            raise CommandError("There is no terminal to ask on: give the password with --password-stdin.")
        password = getpass("Password: ")
        if getpass("Password (again): ") != password:
            raise ValidationError("The two passwords differ.")
        return password
