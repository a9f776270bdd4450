"""Writes illustrative values of indicators that have none of their own."""

from typing import Any

from django.core.management.base import BaseCommand

from kpis.demo.entered import write_entered
from kpis.demo.runs import write_runs
from kpis.demo.values import write_values
from programme.models import Programme


class Command(BaseCommand):
    help = (
        "Writes illustrative values, marked as such, where an indicator has none of its own. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for programme in Programme.objects.select_related("organisation").order_by("pk"):
            self.stdout.write(
                f"{programme.slug}: {write_values(programme)} illustrative values of indicators"
            )
            self.stdout.write(f"{programme.slug}: {write_entered(programme)} entered ones")
            self.stdout.write(f"{programme.slug}: {write_runs(programme)} illustrative run of refreshing")
