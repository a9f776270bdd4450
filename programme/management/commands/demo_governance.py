"""Writes illustrative seats, meetings, decisions and duties; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.demo.governance import write_governance
from programme.models import Programme


class Command(BaseCommand):
    help = "Illustrative seats, meetings, decisions and duties, once for each programme. Only with PORTAL_DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Illustrative meetings are written only with PORTAL_DEMO=1.")
        count = sum(write_governance(programme) for programme in Programme.objects.order_by("slug"))
        self.stdout.write(f"{count} illustrative meetings were written.")
