"""Makes the demonstration accounts; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.demo import make_demo_accounts


class Command(BaseCommand):
    help = "Makes one account for each role with a known password. Only with PORTAL_DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Demonstration accounts have a known password: they are made only with PORTAL_DEMO=1."
            )
        try:
            people = make_demo_accounts()
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(people)} demonstration accounts are there.")
