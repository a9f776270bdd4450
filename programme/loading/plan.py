"""The rows that a programme file makes, before anything touches the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from programme.loading.problems import Path, Problem

if TYPE_CHECKING:
    from programme.loading.format import ProgrammeFile
    from programme.loading.reading import Source
    from programme.loading.values import Words
    from programme.models import Programme

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Ref:
    """Another row of the same file, by model label and key."""

    model: str
    key: str

    def __str__(self) -> str:
        return f"{self.model}:{self.key}"


@dataclass
class RowSpec:
    """One row: `values` are field values, rows it points to as Ref. `identity` names the fields that find
    a row which people made before the file named it."""

    model: str
    key: str
    values: dict[str, Any]
    path: Path
    identity: tuple[str, ...] = ("key",)
    versioned: bool = False


@dataclass
class Plan:
    """Rows in the order they must be made, and what was found wrong while making them."""

    source: Source
    plain_language: str = "en"
    start: dt.date = dt.date(1900, 1, 1)
    rows: list[RowSpec] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _paths: dict[tuple[str, str], Path] = field(default_factory=dict)
    _wanted: list[tuple[Ref, Path, str]] = field(default_factory=list)

    def problem(self, path: Path, reason: str) -> None:
        self.problems.append(Problem(self.source.line(path), reason))

    def has(self, model: str, key: str) -> bool:
        return (model, key) in self._paths

    def add(
        self,
        model: str,
        key: str,
        path: Path,
        values: Mapping[str, Any],
        *,
        identity: tuple[str, ...] = ("key",),
        versioned: bool = False,
    ) -> Ref:
        """Plans a row; two rows of one model with one key are a problem."""
        ref = Ref(model, key)
        if (model, key) in self._paths:
            first = self.source.line(self._paths[model, key])
            self.problem((*path, "key"), f"key {key!r} is used twice (first on line {first})")
            return ref
        self._paths[model, key] = path
        values = dict(values)
        if identity == ("key",) and "key" not in values:
            values["key"] = key
        self.rows.append(RowSpec(model, key, values, path, identity, versioned))
        return ref

    def ref(self, model: str, key: str, path: Path, what: str) -> Ref:
        """A row named by its key at `path`; a problem when the file has none. `what` is the word for it."""
        found = Ref(model, key)
        self._wanted.append((found, path, what))
        return found

    def check_refs(self) -> None:
        for ref, path, what in self._wanted:
            if (ref.model, ref.key) not in self._paths:
                self.problem(path, f"there is no {what} {ref.key!r}")

    # ------------------------------------------------------------------ texts

    def texts(self, name: str, text: Words | None) -> dict[str, str]:
        """`{name_fi: ..., name_sv: ..., name_en: ...}`; a plain string goes to the file's own language for them."""
        result = {f"{name}_{code}": getattr(text, code, None) or "" for code in LANGUAGES}
        plain = getattr(text, "plain", "")
        if plain:
            result[f"{name}_{self.plain_language}"] = plain
        return result

    def named(self, part: Words) -> dict[str, str]:
        return self.texts("name", part)

    @staticmethod
    def sourced(part: Any, *, confidence: str | None = None, page: str | None = None) -> dict[str, str]:
        """Confidence, note and page of a part; the section's own where the part has none."""
        return {
            "confidence": getattr(part, "confidence", None) or confidence or "",
            "source_note": getattr(part, "note", None) or "",
            "source_page": getattr(part, "page", None) or page or "",
        }

    def items(
        self,
        model: str,
        prefix: str,
        path: Path,
        parts: Iterable[Any],
        parent: Mapping[str, Any],
        **extra: Any,
    ) -> None:
        """Rows of a list without keys: keyed by their place under `prefix`."""
        for index, part in enumerate(parts):
            self.add(
                model,
                f"{prefix}/{index + 1}",
                (*path, index),
                {**self.named(part), "position": index + 1, **parent, **extra},
            )


Builder = Callable[["ProgrammeFile", Plan], None]
_builders: list[Builder] = []


def register(builder: Builder) -> Builder:
    """Adds a function that plans the rows of an app to the right of programme. Called from AppConfig.ready()."""
    if builder not in _builders:
        _builders.append(builder)
    return builder


def builders() -> list[Builder]:
    return list(_builders)


Finisher = Callable[["Programme"], object]
_finishers: list[Finisher] = []


def after_loading(finisher: Finisher) -> Finisher:
    """Adds a function that an app to the right runs after each load of a programme; it must be safe to repeat."""
    if finisher not in _finishers:
        _finishers.append(finisher)
    return finisher


def finish(programme: Programme) -> None:
    """Runs what the apps asked for after a load."""
    for finisher in _finishers:
        finisher(programme)
