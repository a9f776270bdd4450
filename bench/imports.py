"""A workbook of all measures on its way in and out, beside the floor `copy` of the same rows.

The workbook fills an empty programme: 10 000 measures, each month of 36 in three series, over a million cells.
Preview is reading, staging and comparing; apply is storing, with history and totals, commit included. A second
round changes every cell again (`import_update`, for information).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.data import BenchError, Site, clone, connect, run

DATABASE = "bench_import"
#: Of the floor `copy`, and seconds at most.
RATIO, SECONDS = 2.0, 60.0
#: What belongs to months, taken away so that the import is the first one.
EMPTY = """
    TRUNCATE measures_savingsentry, measures_confirmation, measures_measuretotal, measures_booksclosed,
        measures_gatedecision, measures_stagedmonths, measures_stagedmeasure CASCADE;
    UPDATE measures_measure SET stage = 'planned', withdrawn_on = NULL, withdrawn_from = NULL
"""


def measure_imports(site: Site) -> dict[str, dict[str, Any]]:
    """The cases by key (`import_preview`, `import_apply`, ...), on a copy of the site's database."""
    clone(site.data, DATABASE, site.database)
    with connect(site.data, DATABASE) as connection:
        connection.execute(EMPTY)
        connection.execute("VACUUM (ANALYZE)")
    twin = Site(site.measures, site.number, site.data)
    there = (
        twin.environment
        | {"PORTAL_AS_OWNER": "1"}
        | {  # the floor makes a table
            name: value.replace(site.database, DATABASE)
            for name, value in twin.environment.items()
            if name in {"DATABASE_URL", "MIGRATE_DATABASE_URL"}
        }
    )
    try:
        return dict(json.loads(run(there, ["-m", "bench.imports"]).splitlines()[-1]))
    finally:
        with connect(site.data) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def missed(found: dict[str, dict[str, Any]]) -> list[str]:
    """The cases that take longer than they may."""
    return [
        key
        for key in ("import_preview", "import_apply")
        if found[key]["ratio"] > RATIO or found[key]["seconds"] > SECONDS
    ]


def lines_of(found: dict[str, dict[str, Any]]) -> list[str]:
    """A line for each case, as the table of the pages is followed by."""
    return [
        f"  {key}: {case['seconds']} s, {case['ratio']} of the copy floor ({case['rows']} rows)"
        for key, case in found.items()
    ]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    answer = work()
    return time.perf_counter() - begin, answer


def _peak_mb(who: int = resource.RUSAGE_SELF) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def inside() -> dict[str, dict[str, Any]]:
    """The measuring itself, inside Django."""
    import django

    django.setup()
    with TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> dict[str, dict[str, Any]]:
    from bench.data import PROGRAMME
    from measures.models import Measure, SavingsEntry
    from programme.models import Programme

    programme = Programme.objects.get(slug=PROGRAMME)
    half = Measure.objects.filter(
        pk__in=list(Measure.objects.order_by("pk").values_list("pk", flat=True)[:1000])
    )
    small_seconds, _counts = _timed(lambda: _write(folder / "small.xlsx", programme, half, 0))
    small_peak = _peak_mb()
    whole = Measure.objects.all()
    export_seconds, counts = _timed(lambda: _write(folder / "first.xlsx", programme, whole, 1))
    export_peak = _peak_mb()
    preview, run_ = _timed(lambda: _read(folder / "first.xlsx", programme))
    if run_.counts["months"]["refused"] or not run_.counts["cells"]:
        raise BenchError(f"the workbook was not read whole: {run_.counts}")
    apply, _applied = _timed(lambda: _apply(run_))
    floors = [_floor()]
    _write(folder / "second.xlsx", programme, whole, 2)
    again, run_ = _timed(lambda: _read(folder / "second.xlsx", programme))
    update, _applied = _timed(lambda: _apply(run_))
    floors.append(_floor())
    floor = median(floors)
    rows = SavingsEntry.objects.count()

    def told(seconds: float, **more: Any) -> dict[str, Any]:
        return {
            "seconds": round(seconds, 2), "floor": "copy", "floor_seconds": round(floor, 2),
            "ratio": round(seconds / floor, 2), **more,
        }  # fmt: skip

    return {
        "import_preview": told(median([preview, again]), rows=rows, child_peak_mb=_peak_mb(resource.RUSAGE_CHILDREN)),
        "import_apply": told(apply, rows=rows),
        "import_update": told(update, rows=rows),
        "export_all": told(
            export_seconds, rows=counts["months"], peak_mb=export_peak, peak_mb_of_a_tenth=small_peak,
            seconds_of_a_tenth=round(small_seconds, 2),
        ),
    }  # fmt: skip


def _write(path: Path, programme: Any, rows: Any, number: int) -> dict[str, int]:
    """The export, with each month filled by a figure of its own."""
    from measures.workbooks import export
    from measures.workbooks.columns import LINES

    written: Any = export.month_rows

    def filled(*told: Any) -> Iterator[list[Any]]:
        for at, row in enumerate(written(*told)):
            months = range(len(row) - len(LINES))
            yield [
                *row[: len(LINES)],
                *(-(10_000 + (at * 7 + month * 13 + number) % 90_000) / 4 for month in months),
            ]

    export.month_rows = filled if number else written  # type: ignore[assignment]
    try:
        return export.write_workbook(path, programme, rows, language="fi")
    finally:
        export.month_rows = written


def _read(path: Path, programme: Any) -> Any:
    from measures.workbooks.running import read_run, take_in_path

    return read_run(take_in_path(programme=programme, path=path, by=None))


def _apply(run_: Any) -> Any:
    from measures.models import StagedState
    from measures.workbooks.applying import apply_run, choose_all

    choose_all(run=run_, states=[StagedState.NEW, StagedState.CHANGED, StagedState.ASKED], by=None)
    return apply_run(run=run_, by=None, reason="bench")


def _floor() -> float:
    from bench.fill import copy

    return float(copy()["seconds"])


if __name__ == "__main__":
    print(json.dumps(inside()))
    sys.exit(0)
