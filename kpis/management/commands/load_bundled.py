"""Loads the figures of Sotkanet that come with the portal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kpis.demo.nearby import write_nearby
from kpis.sotkanet.bundled import load_bundled
from programme.models import Programme


class Command(BaseCommand):
    help = (
        "Loads the Sotkanet figures that come with the portal; what has been fetched stays. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--nearby", action="store_true",
            help="also adds indicators that no programme names but that have such figures (the demo does)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        added = sum(map(write_nearby, Programme.objects.order_by("pk"))) if options["nearby"] else 0
        loaded = load_bundled()
        self.stdout.write(
            f"{loaded.regions} regions, {loaded.indicators} indicators of the catalogue, {loaded.values} values, "
            f"{added} indicators added"
        )
