"""Loads a programme file (docs/programme-file.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from programme.loading import ProgrammeFileError
from programme.services import load_programme


class Command(BaseCommand):
    help = "Loads a programme file. Safe to repeat; a broken file is refused with lines and reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            self._refuse([f"{path}:1: {error.strerror or error}"])
        try:
            result = load_programme(data=data, file_name=path.name)
        except ProgrammeFileError as error:
            self._refuse([f"{path}:{problem.line}: {problem.reason}" for problem in error.problems])
        if result.nothing_happened:
            self.stdout.write(f"{result.programme.slug}: nothing changed ({result.unchanged} rows)")
            return
        self.stdout.write(
            f"{result.programme.slug}: {result.created} rows added, {result.changed} changed, "
            f"{result.removed} removed, {result.unchanged} as before"
        )

    def _refuse(self, lines: list[str]) -> None:
        for line in lines:
            self.stderr.write(line)
        raise SystemExit(1)
