"""Writes or removes the illustrative measures of a programme."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures.forecasting.results import ask
from measures.portfolio import NoStructure
from programme.models import Programme
from reporting.portfolio import OwnMeasures, make_portfolio, remove_portfolio


class Command(BaseCommand):
    help = (
        "Writes illustrative measures, marked as such. The same seed gives the same measures; safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--programme", required=True, metavar="KEY", help="key of the programme in addresses"
        )
        parser.add_argument("--measures", type=int, default=118, metavar="N", help="how many (default 118)")
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="another seed, other measures (default 1)"
        )
        parser.add_argument("--remove", action="store_true", help="take all illustrative rows away")
        parser.add_argument(
            "--dense", action="store_true",
            help="one line per measure with plan, forecast and claim in every month: for measuring speed",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            programme = Programme.objects.get(slug=options["programme"])
        except Programme.DoesNotExist:
            raise CommandError(f"There is no programme {options['programme']}; load it first.") from None
        if options["remove"]:
            outcome = remove_portfolio(programme)
            self.stdout.write(f"{programme.slug}: {outcome.removed} illustrative measures removed")
            return
        if options["measures"] < 1:
            raise CommandError("Give at least one measure.")
        try:
            outcome = make_portfolio(
                programme, count=options["measures"], seed=options["seed"], dense=options["dense"]
            )
        except NoStructure:
            raise CommandError(
                "The programme has no goals, sectors or cost types to put measures on."
            ) from None
        except OwnMeasures:
            raise CommandError(
                "The programme has measures of its own with codes T-...; nothing was written."
            ) from None
        if outcome.written is None:
            self.stdout.write(f"{programme.slug}: the same illustrative measures are there already")
            return
        ask(programme)  # the worker figures the range when it is there
        written = outcome.written
        self.stdout.write(
            f"{programme.slug}: {written.measures} illustrative measures with {written.lines} lines,"
            f" {written.entries} months and {written.confirmations} confirmations"
        )
