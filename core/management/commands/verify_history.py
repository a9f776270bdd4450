"""Checks that every change is still being kept."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core.history import event_models, faults


class Command(BaseCommand):
    help = "Checks that all history triggers are there and on, and that every row has its events."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            found = faults(cursor)
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"The history of {len(event_models())} tables is whole.")
