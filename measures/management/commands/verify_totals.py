"""Compares the kept totals with the rows they are of; ends with 1 when they differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from measures.totals import differing, rebuild

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Compares savings totals with their entries and claims with their confirmations; 1 when they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="write all totals anew from the entries first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            rebuild()
        found = differing()
        if not found:
            self.stdout.write("All totals equal their entries.")
            return
        for programme, line, series, year in found.totals[:SHOWN]:
            self.stderr.write(f"programme {programme} line {line} {series} {year}: the total differs")
        for programme, line, entry in found.claims[:SHOWN]:
            self.stderr.write(f"programme {programme} line {line} entry {entry}: confirmed sum differs")
        self.stderr.write(f"{len(found.totals)} totals and {len(found.claims)} claims differ.")
        raise SystemExit(1)
