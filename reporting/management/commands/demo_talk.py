"""Writes the illustrative comments and proposals; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.models import Programme
from reporting.demo.talk import write_talk


class Command(BaseCommand):
    help = (
        "Lets the demonstration accounts talk and propose, once for each programme. Only with PORTAL_DEMO=1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Illustrative talk is written only with PORTAL_DEMO=1.")
        count = sum(write_talk(programme) for programme in Programme.objects.order_by("slug"))
        self.stdout.write(f"{count} illustrative comments and proposals were written.")
