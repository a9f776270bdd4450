"""Writes all measures of a programme as the workbook that can be edited and brought back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures.models import Measure
from measures.workbooks.export import TooManyRows, write_workbook
from programme.models import Programme


class Command(BaseCommand):
    help = (
        "Writes all measures of a programme and their months as an Excel workbook that import_measures reads."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", help="key of the programme, for example kymenlaakso")
        parser.add_argument("file", type=Path, help="workbook to write (.xlsx)")
        parser.add_argument(
            "--language", choices=["fi", "sv", "en"], default="", help="default: the programme's own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme with the key {options['programme']}.")
        language = options["language"] or programme.language
        try:
            counts = write_workbook(options["file"], programme, Measure.objects.all(), language=language)
        except TooManyRows:
            raise CommandError(
                "The programme has more lines than a workbook may have that is to come back."
            ) from None
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from None
        self.stdout.write(
            f"{counts['measures']} measures, {counts['months']} rows of months: {options['file']}"
        )
