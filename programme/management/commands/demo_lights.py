"""Writes illustrative monthly updates of projects and finds deviations; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.demo.lights import write_updates
from programme.models import Programme


class Command(BaseCommand):
    help = "Gives monthly updates of illustrative projects, once for each programme. Only with PORTAL_DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Illustrative updates are written only with PORTAL_DEMO=1.")
        count = sum(write_updates(programme) for programme in Programme.objects.order_by("slug"))
        self.stdout.write(f"{count} illustrative monthly updates were written.")
