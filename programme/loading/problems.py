"""What is wrong with a programme file, and where."""

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One reason to refuse a file, on a line counted from 1."""

    line: int
    reason: str


class ProgrammeFileError(Exception):
    """The file is refused; nothing was stored. `problems` are sorted by line and without repeats."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("; ".join(f"line {p.line}: {p.reason}" for p in self.problems))
