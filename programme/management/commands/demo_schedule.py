"""Writes illustrative links between milestones of illustrative projects; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.demo.schedule import write_schedule
from programme.models import Programme


class Command(BaseCommand):
    help = "Links illustrative milestones that wait for each other, once for each programme. Only with PORTAL_DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Illustrative links are written only with PORTAL_DEMO=1.")
        count = sum(write_schedule(programme) for programme in Programme.objects.order_by("slug"))
        self.stdout.write(f"{count} illustrative links were written.")
