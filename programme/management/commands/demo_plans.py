"""Writes illustrative plans, people and money of illustrative projects; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.demo.plans import write_plans
from programme.demo.resources import write_resources
from programme.models import Programme


class Command(BaseCommand):
    help = "Answers, checklists, lessons and stakeholders, once for each programme. Only with PORTAL_DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Illustrative plans are written only with PORTAL_DEMO=1.")
        count = sum(
            write_plans(programme) + write_resources(programme)
            for programme in Programme.objects.order_by("slug")
        )
        self.stdout.write(f"{count} rows of illustrative plans were written.")
