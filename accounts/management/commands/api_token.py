"""Prints a new token for the API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import make_token


class Command(BaseCommand):
    help = "Prints a new token of the person for the API. It cannot be shown again: only its hash is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active account called {username}.")
        self.stdout.write(make_token(user=person))
