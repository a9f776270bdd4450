"""Reads a workbook of measures, says what it would change, and takes all of it over or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.tables import Refused
from measures.models import ImportKind, ImportRun, StagedState
from measures.services.common import SavingsError
from measures.workbooks.applying import apply_run, choose_all, discard_run
from measures.workbooks.problems import where, words
from measures.workbooks.running import read_run, take_in_path
from measures.workbooks.showing import file_problems
from programme.models import Programme

#: Problems that are printed one by one; the rest are counted.
PRINTED = 100


class Command(BaseCommand):
    help = (
        "Reads a workbook that export_measures (or the portal's page) wrote and takes all of it over, or nothing when a"
        " row cannot be taken over or looks wrong. Ends with 1 when nothing was stored because of the file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", help="key of the programme, for example kymenlaakso")
        parser.add_argument("file", type=Path, help="workbook to read (.xlsx or .csv)")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and store nothing")
        parser.add_argument(
            "--sound", action="store_true", help="take the sound rows although others are not"
        )
        parser.add_argument("--asked", action="store_true", help="take rows that only look wrong as well")
        parser.add_argument("--reason", default="import_measures", help="goes into the history")
        parser.add_argument("--language", choices=["fi", "sv", "en"], default="", help="of what is said")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme with the key {options['programme']}.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        with translation.override(options["language"] or programme.language):
            self._run(programme, options)

    def _run(self, programme: Programme, options: dict[str, Any]) -> None:
        try:
            run = take_in_path(programme=programme, path=options["file"], by=None)
        except Refused as refused:
            self._refuse(refused.message)
        read_run(run, language=translation.get_language() or "fi")
        if run.state == ImportRun.State.REFUSED:
            self._refuse(*file_problems(run))
        if run.kind == ImportKind.FOREIGN:
            discard_run(run=run, by=None)
            self._refuse(
                "The portal did not write this workbook: choose its columns on the page of the portal."
            )
        self._tell(run)
        if options["dry_run"]:
            discard_run(run=run, by=None)
            self.stdout.write("Nothing was stored.")
            return
        self._store(run, options)

    def _refuse(self, *sentences: str) -> Any:
        for sentence in sentences:
            self.stderr.write(sentence)
        self.stderr.write("Nothing was stored.")
        raise SystemExit(1)

    def _tell(self, run: ImportRun) -> None:
        for name in ("measures", "months"):
            told = ", ".join(f"{run.counts[name][state.value]} {state.label}" for state in StagedState)
            self.stdout.write(f"{name}: {told}")
        self.stdout.write(f"months that differ: {run.counts['cells']}")
        printed = 0
        for rows in (run.staged_measures, run.staged_months):
            for row in rows.filter(state__in=[StagedState.REFUSED, StagedState.ASKED]).order_by("row"):
                for problem in row.problems:
                    printed += 1
                    if printed <= PRINTED:
                        self.stderr.write(f"{where(problem, row.sheet, row.row)}: {words(problem)}")
        if printed > PRINTED:
            self.stderr.write(f"and {printed - PRINTED} more")

    def _store(self, run: ImportRun, options: dict[str, Any]) -> None:
        counts = [run.counts[name] for name in ("measures", "months")]
        asked = sum(count[StagedState.ASKED] for count in counts)
        refused = sum(count[StagedState.REFUSED] for count in counts)
        if (refused or asked and not options["asked"]) and not options["sound"]:
            discard_run(run=run, by=None)
            self._refuse("Some rows cannot be taken over or look wrong (--asked, --sound).")
        if options["asked"]:
            choose_all(run=run, states=[StagedState.NEW, StagedState.CHANGED, StagedState.ASKED], by=None)
        try:
            applied = apply_run(run=run, by=None, reason=options["reason"])
        except SavingsError as error:
            discard_run(run=run, by=None)
            self._refuse(*error.messages)
        if applied is not None:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in applied.as_counts().items()))
