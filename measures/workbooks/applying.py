"""Takes over the accepted rows of a file: one transaction, everything or nothing, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.bulk import BulkWriter, bulk_write
from core.db import retrying
from measures.models import (
    ImportRun,
    Measure,
    MeasureTarget,
    SavingsLine,
    StagedMeasure,
    StagedMonths,
    StagedState,
)
from measures.services import next_code
from measures.services.common import CHANGED, SavingsError, refuse
from measures.workbooks.comparing import Frame, live_sql, moved_since_shown
from measures.workbooks.running import Tell, silent

#: Fields of a measure that a row may change, with their type in SQL.
FIELDS: Mapping[str, str] = {
    "name_fi": "text", "name_sv": "text", "name_en": "text", "goal_id": "bigint", "owner_id": "bigint",
    "starts_on": "date", "ends_on": "date", "confidence_of_owner": "text", "confidence_of_pmo": "text",
    "municipality": "text", "service_point": "text", "description_fi": "text",
}  # fmt: skip
MOVED = _("Somebody changed some of these rows meanwhile. Nothing was taken over; look at the file again.")

_CELLS = """
    CREATE TEMPORARY TABLE workbook_cell ON COMMIT DROP AS
    WITH live AS MATERIALIZED ({live})
    SELECT staged.line_id, staged.series, u.old, u.new,
        (%(first_month)s::date + make_interval(months => (u.at - 1)::int))::date AS month
    FROM measures_stagedmonths staged
    LEFT JOIN live ON live.line_id = staged.line_id AND live.series = staged.series
    CROSS JOIN LATERAL unnest(staged.amounts, live.amounts) WITH ORDINALITY u(new, old, at)
    WHERE staged.run_id = %(run)s AND staged.accepted AND u.new IS DISTINCT FROM u.old {present}
"""
_DELETE = """
    DELETE FROM measures_savingsentry entry USING workbook_cell cell
    WHERE cell.new IS NULL AND entry.programme_id = %s AND entry.line_id = cell.line_id
        AND entry.series = cell.series AND entry.month = cell.month
"""
_UPDATE = """
    UPDATE measures_savingsentry entry SET amount_eur_cents = cell.new FROM workbook_cell cell
    WHERE cell.old IS NOT NULL AND cell.new IS NOT NULL AND entry.programme_id = %s
        AND entry.line_id = cell.line_id AND entry.series = cell.series AND entry.month = cell.month
"""
_INSERT = """
    INSERT INTO measures_savingsentry (programme_id, line_id, series, month, amount_eur_cents, version)
    SELECT %s, line_id, series, month, new, 1 FROM workbook_cell WHERE old IS NULL
    ORDER BY line_id, series, month
"""


@dataclass(frozen=True)
class Applied:
    """What a file changed: rows of each kind, and cells by what happened to them."""

    measures_new: int = 0
    measures_changed: int = 0
    lines_new: int = 0
    cells_new: int = 0
    cells_changed: int = 0
    cells_gone: int = 0

    def as_counts(self) -> dict[str, int]:
        return dict(vars(self))


@retrying
def apply_run(
    *, run: ImportRun, by: Any, reason: str, tell: Tell = silent, still_mine: Any = None
) -> Applied | None:
    """Takes over the accepted rows; None when that was done, or the file put aside, before.

    Raises SavingsError with code `changed` when an accepted row moved since it was shown: then nothing is stored.
    The history says who, the reason, the file and its SHA-256.
    """
    told = {"import_run": run.pk, "file": run.file_name, "sha256": run.sha256}
    with transaction.atomic(), bulk_write(by, reason or f"file {run.file_name}", **told) as writer:
        # The run alone: whoever added a row to a locked programme would wait at its commit, in a ring with the books.
        row = ImportRun.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
        if row.state != ImportRun.State.READ:
            return None
        tell("checking", 0, 0)
        applied = _Applying(row, by, writer, reason, tell).do()
        row.state, row.applied_at = ImportRun.State.APPLIED, timezone.now()
        row.counts = row.counts | {"applied": applied.as_counts()}
        row.stamp(by).save()
        StagedMeasure.objects.filter(run=row).delete()
        StagedMonths.objects.filter(run=row).delete()
        if still_mine is not None:
            still_mine()
    return applied


class _Applying:
    """One transaction's work; measures first, because new lines hang on new measures."""

    def __init__(self, run: ImportRun, by: Any, writer: BulkWriter, reason: str, tell: Tell) -> None:
        self.run, self.by, self.writer, self.reason, self.tell = run, by, writer, reason, tell
        self.programme = run.programme
        self.frame = Frame.of(run)

    def do(self) -> Applied:
        from measures.services.books import lock_books

        lock_books(self.programme.pk)
        made = self._new_measures()
        changed = self._changed_measures()
        lines = self._new_lines()
        cells = self._cells() if self.frame is not None else (0, 0, 0)
        return Applied(made, changed, lines, *cells)

    # --- measures -------------------------------------------------------------------------------------

    def _accepted(self, *states: str) -> Iterable[StagedMeasure]:
        return (
            self.run.staged_measures.filter(accepted=True).exclude(state=StagedState.REFUSED).order_by("row")
        )

    def _new_measures(self) -> int:
        rows = [row for row in self._accepted() if row.measure_id is None]
        made: list[Measure] = []
        targets: list[tuple[Measure, int]] = []
        taken = set(Measure.objects.filter(programme=self.programme).values_list("code", flat=True))
        given = {row.code for row in rows if row.code}
        if taken & given:
            refuse(CHANGED, MOVED)
        free = free_codes(next_code(self.programme), taken | given)
        for row in rows:
            values = {name: value for name, value in row.values.items() if name in FIELDS}
            measure = Measure(programme=self.programme, code=row.code or next(free), **_python(values)).stamp(
                self.by
            )
            made.append(measure)
            if row.values.get("target") is not None:
                targets.append((measure, row.values["target"]))
        Measure.objects.bulk_create(made, batch_size=1000)
        MeasureTarget.objects.bulk_create(
            MeasureTarget(
                programme=self.programme, measure=measure, value_eur_cents=cents,
                valid_from=date(self.programme.start_year, 1, 1), reason=self.reason,
            ).stamp(self.by)
            for measure, cents in targets
        )  # fmt: skip
        return len(made)

    def _changed_measures(self) -> int:
        rows = [row for row in self._accepted() if row.measure_id is not None and row.changes]
        if not rows:
            return 0
        versions = {row.measure_id: row.version for row in rows if row.measure_id is not None}
        present = Measure.objects.filter(programme=self.programme, pk__in=versions).order_by("pk")
        live = {row["pk"]: row for row in present.select_for_update().values("pk", "version", *FIELDS)}
        if any(pk not in live or live[pk]["version"] != version for pk, version in versions.items()):
            refuse(CHANGED, MOVED)
        wanted = [live[row.measure_id] | _python(row.values) for row in rows]
        columns = ["pk", *FIELDS]
        arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in FIELDS.values())])
        settings = ", ".join(f"{name} = wanted.{name}" for name in FIELDS)
        self.writer.execute(
            f"UPDATE measures_measure measure SET {settings}, updated_by_id = %s"
            f" FROM unnest({arrays}) AS wanted({', '.join(columns)}) WHERE measure.id = wanted.pk",
            [getattr(self.by, "pk", None), *([one[name] for one in wanted] for name in columns)],
        )
        return len(rows)

    # --- lines and months -----------------------------------------------------------------------------

    def _new_lines(self) -> int:
        """Makes the lines that accepted rows ask for, and tells those rows the numbers."""
        rows = list(self._months().exclude(new_line=None).values_list("pk", "new_line"))
        if not rows:
            return 0
        names = ("sector_id", "cost_type_id", "permanence", "line_class", "in_base")
        codes = {told["code"] for _pk, told in rows}
        measures = (
            Measure.objects.filter(programme=self.programme, code__in=codes).in_bulk(field_name="pk").values()
        )
        by_code = {measure.code: measure for measure in measures}
        if codes - by_code.keys():
            raise SavingsError(
                _("There is no measure with the code “%(code)s”."), code="unknown_code",
                params={"code": sorted(codes - by_code.keys())[0]},
            )  # fmt: skip
        wanted = {
            (by_code[told["code"]].pk, *(told[name] for name in names)): by_code[told["code"]]
            for _pk, told in rows
        }
        kept = SavingsLine.objects.filter(measure__in=by_code.values())
        lines = {tuple(rest): pk for pk, *rest in kept.values_list("pk", "measure_id", *names)}
        fresh = [
            SavingsLine(
                programme=self.programme, measure=measure, goal_id=measure.goal_id,
                **dict(zip(names, key[1:], strict=True)),
            ).stamp(self.by)
            for key, measure in wanted.items()
            if key not in lines
        ]  # fmt: skip
        for line in SavingsLine.objects.bulk_create(fresh, batch_size=1000):
            lines[line.measure_id, *(getattr(line, name) for name in names)] = line.pk
        numbers = [lines[by_code[told["code"]].pk, *(told[name] for name in names)] for _pk, told in rows]
        self.writer.execute(
            "UPDATE measures_stagedmonths staged SET line_id = made.line FROM unnest(%s::bigint[], %s::bigint[])"
            " AS made(id, line) WHERE staged.id = made.id",
            [[pk for pk, _told in rows], numbers],
        )
        return len(fresh)

    def _months(self) -> Any:
        return self.run.staged_months.filter(accepted=True).exclude(state=StagedState.REFUSED)

    def _cells(self) -> tuple[int, int, int]:
        assert self.frame is not None
        self.writer.execute(
            "SELECT id FROM measures_savingsline WHERE programme_id = %s AND id IN (SELECT line_id"
            " FROM measures_stagedmonths WHERE run_id = %s AND accepted) ORDER BY id FOR NO KEY UPDATE",
            [self.programme.pk, self.run.pk],
        )
        if moved_since_shown(self.run, self.frame):
            refuse(CHANGED, MOVED)
        self.tell("writing", 0, 0)
        live, params = live_sql(self.run, self.frame, "TRUE")
        whole = all(column is not None for column in self.frame.columns)
        present = "" if whole else "AND u.at = ANY(%(present)s::int[])"
        self.writer.execute("SET LOCAL work_mem = '64MB'")
        self.writer.execute("DROP TABLE IF EXISTS workbook_cell")
        self.writer.execute(_CELLS.format(live=live, present=present), params)
        self.writer.execute("ANALYZE workbook_cell")
        counts = []
        for statement in (_INSERT, _UPDATE, _DELETE):
            self.writer.execute(statement, [self.programme.pk])
            counts.append(self.writer.cursor.rowcount)
        self.writer.execute("DROP TABLE workbook_cell")
        new, changed, gone = counts
        return new, changed, gone


def free_codes(first: str, taken: set[str]) -> Any:
    """Codes from the first free one on, leaving out those that are taken."""
    start = first.rstrip("0123456789")
    width, number = len(first) - len(start), int(first[len(start) :])
    while True:
        code = f"{start}{number:0{width}d}"
        if code not in taken:
            yield code
        number += 1


def _python(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they were staged, with days as days."""
    return {
        name: date.fromisoformat(value) if value and FIELDS[name] == "date" else value
        for name, value in values.items()
        if name in FIELDS
    }


@retrying
def discard_run(*, run: ImportRun, by: Any) -> bool:
    """Puts a file aside; False when it was applied or put aside before."""
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if row.state not in {ImportRun.State.READ, ImportRun.State.UPLOADED}:
            return False
        row.state = ImportRun.State.DISCARDED
        row.stamp(by).save()
        StagedMeasure.objects.filter(run=row).delete()
        StagedMonths.objects.filter(run=row).delete()
        return True


def choose_rows(*, run: ImportRun, measures: Mapping[int, bool], months: Mapping[int, bool], by: Any) -> None:
    """Ticks rows on and off; a row that cannot be taken over stays off."""
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if row.state != ImportRun.State.READ:
            return
        for rows, wanted in ((row.staged_measures, measures), (row.staged_months, months)):
            _tick(rows, [pk for pk, on in wanted.items() if on], True)
            _tick(rows, [pk for pk, on in wanted.items() if not on], False)
        _recount(row, by)


def choose_all(*, run: ImportRun, states: Sequence[str], by: Any) -> None:
    """Accepts every row of these states and no other."""
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if row.state != ImportRun.State.READ:
            return
        for rows in (row.staged_measures, row.staged_months):
            rows.exclude(state__in=states).filter(accepted=True).update(accepted=False)
            rows.filter(state__in=states, accepted=False).exclude(
                state__in=[StagedState.REFUSED, StagedState.SAME]
            ).update(accepted=True)
        _recount(row, by)


def _tick(rows: Any, ids: list[int], on: bool) -> None:
    kept_out = [StagedState.REFUSED, StagedState.SAME]
    rows.filter(pk__in=ids).exclude(state__in=kept_out).update(accepted=on)


def _recount(run: ImportRun, by: Any) -> None:
    counts = dict(run.counts)
    for name, rows in (("measures", run.staged_measures), ("months", run.staged_months)):
        counts[name] = counts.get(name, {}) | {"accepted": rows.filter(accepted=True).count()}
    run.counts = counts
    run.stamp(by).save()
