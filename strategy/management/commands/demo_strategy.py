"""Writes the illustrative rows of the long view; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.models import Programme
from strategy.demo.objectives import write_objectives
from strategy.demo.okr import write_okr


class Command(BaseCommand):
    help = "Answers objectives and fills seasons illustratively, once for each programme. Only with PORTAL_DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Illustrative answers are written only with PORTAL_DEMO=1.")
        programmes = list(Programme.objects.order_by("slug"))
        count = sum(write_objectives(programme) for programme in programmes)
        self.stdout.write(f"{count} illustrative answers were written.")
        count = sum(write_okr(programme) for programme in programmes)
        self.stdout.write(f"{count} illustrative objectives of seasons were written.")
