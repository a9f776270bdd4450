"""Every pair of totals that should agree, with the rows behind both: one answer for page, API and dashboard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from core.money import Pair
from measures.calculations import Difference, Figures, Levels
from measures.crossfooting import (
    BASES,
    HANDED_DOWN,
    SOURCE,
    Check,
    Footing,
    Part,
    Side,
    moved_since,
    side,
    single,
)
from measures.models import Measure
from measures.selectors.cached import cached, kept
from measures.selectors.figures import savings_figures
from measures.selectors.slices import rows_of
from measures.selectors.targets import column_ends, pair_of, stated_cents, target_rows
from programme.models import (
    Allocation,
    CostType,
    DeficitPath,
    Deviation,
    Goal,
    Programme,
    Sector,
    Target,
    Theme,
)

#: Levels whose sums are compared across all breakdowns.
FOOTED = ("plan", "plan_approved", "forecast", "claimed", "confirmed")
#: Under which name the number of open differences is kept.
_OPEN = "open-differences:{day}"
#: Kind of target -> the rows it is of.
_ROWS: dict[str, Any] = {"cost_type": CostType, "sector": Sector, "theme": Theme, "goal": Goal}


def checks(programme: Programme, on: date | None = None) -> list[Check]:
    """All pairs of totals of the programme, agreeing or not, in the order of the page."""
    day = on or programme.today()
    return [*source_checks(programme, day), *_handed_down(programme, day), *_bases(programme, day)]


def differences(programme: Programme, on: date | None = None) -> list[Difference]:
    """Figures of the source that do not agree with each other, as far as the programme has them."""
    found = [check.difference for check in source_checks(programme, on or programme.today())]
    return [difference for difference in found if difference is not None]


# --- the programme's own figures ---------------------------------------------------------------------------


def source_checks(programme: Programme, day: date) -> list[Check]:
    """Totals that the programme itself has given, against each other."""
    rows = target_rows(programme, day)
    kinds: dict[str, list[Target]] = defaultdict(list)
    for row in rows:
        if row.column == Target.Column.TOTAL:
            kinds[row.kind].append(row)
    names = _names(programme, rows)
    by = {kind: _side_of(kind, kinds[kind], names) for kind in _ROWS}
    table = _ends_side("table", column_ends(rows, Target.Column.TOTAL))
    found = [
        Check(
            f"by_cost_type_by_{kind}", SOURCE, Side("cost_type", table.ends, by["cost_type"].parts), by[kind]
        )
        for kind in ("sector", "theme", "goal")
    ]
    stated = single("stated", stated_cents(rows))
    found.append(Check("table_stated", SOURCE, single("table_full", table.ends[1]), stated))
    composition = side("composition", [Part(row, (None, pair_of(row).full)) for row in kinds["composition"]])
    found.append(Check("composition", SOURCE, composition, stated))
    found += [_column(rows, column, names) for column in Target.Column.values]
    found.append(_columns(rows))
    base = column_ends(rows, Target.Column.BASE).full
    found += [
        Check(
            "annual",
            SOURCE,
            single("annual", pair_of(row).full),
            single("base", base),
            params={"year": row.year},
        )
        for row in kinds["annual"]
        if row.year is not None and row.year == (programme.base_year or row.year)
    ]
    return [*found, *_shares(programme)]


def _names(programme: Programme, rows: Iterable[Target]) -> dict[tuple[str, int], Any]:
    """The rows that targets are of, for the kinds that have any."""
    found: dict[tuple[str, int], Any] = {}
    for kind in {row.kind for row in rows} & set(_ROWS):
        found |= {(kind, row.pk): row for row in rows_of(_ROWS[kind], programme)}
    return found


def _side_of(kind: str, rows: Iterable[Target], names: dict[tuple[str, int], Any]) -> Side:
    """The sum of these targets, its parts in the order in which pages list their rows."""
    places = {key: place for place, key in enumerate(names)}
    ordered = sorted(rows, key=lambda row: places.get((kind, getattr(row, f"{kind}_id") or 0), len(places)))
    return side(kind, [_part(kind, row, names) for row in ordered])


def _part(kind: str, row: Target, names: dict[tuple[str, int], Any]) -> Part:
    pair = pair_of(row)
    return Part(names.get((kind, getattr(row, f"{kind}_id")), row), (pair.cautious, pair.full))


def _ends_side(code: str, pair: Pair) -> Side:
    return Side(code, (pair.cautious, pair.full))


def _column(rows: Sequence[Target], column: str, names: dict[tuple[str, int], Any]) -> Check:
    """The printed total of a column of the target table against the sum of its rows."""
    own = [row for row in rows if row.column == column]
    printed = next((pair_of(row) for row in own if row.kind == Target.Kind.TOTAL), Pair(None, None))
    summed = _side_of("cost_type", [row for row in own if row.kind == Target.Kind.COST_TYPE], names)
    return Check(
        f"column_{column}", SOURCE, summed, _ends_side("printed", printed), params={"column": column}
    )


def _columns(rows: Sequence[Target]) -> Check:
    """What the base holds and what is to come, together, against the total column."""
    base, later, total = (column_ends(rows, column) for column in Target.Column.values)
    parts = [
        Part("column_base", (base.cautious, base.full)),
        Part("column_later", (later.cautious, later.full)),
    ]
    known = all(part.ends != (None, None) for part in parts)
    first = side("base_and_later", parts) if known else Side("base_and_later", (None, None))
    return Check("base_and_later", SOURCE, first, _ends_side("table", total))


def _shares(programme: Programme) -> list[Check]:
    """Shares of the funding against 100 %, in hundredths of a per cent: the range, and the final ones once given."""
    rows = rows_of(Allocation, programme)
    ranged = [
        Part(row, (int(row.share_low * 100), int(row.share_high * 100)))
        for row in rows
        if row.share_low is not None and row.share_high is not None
    ]
    final = [Part(row, (None, int(row.final_share * 100))) for row in rows if row.final_share is not None]
    found = []
    if ranged:
        whole = Side("whole", (100_00, 100_00))
        found.append(Check("allocation_shares", SOURCE, side("shares", ranged), whole, unit="share"))
    if final:
        whole = single("whole", 100_00)
        found.append(Check("final_shares", SOURCE, side("final_shares", final), whole, unit="share"))
    return found


# --- what is handed down -----------------------------------------------------------------------------------


def _handed_down(programme: Programme, day: date) -> list[Check]:
    """The stated target against the ladder, and targets of measures against those of themes and goals."""
    ladder = savings_figures(programme, on=day).ladder
    rungs = [
        Part("in_base", (None, ladder.in_base)),
        Part("active", (None, ladder.active)),
        Part("released", (None, ladder.released)),
        Part("never_allocated", (None, ladder.never_allocated)),
    ]
    stated = single("stated", ladder.stated)
    whole = side("ladder", rungs) if ladder.stated is not None else single("ladder", None, rungs)
    carried = side("carried", rungs[:2]) if ladder.stated is not None else single("carried", None, rungs[:2])
    lines = savings_figures(programme, on=day).total.in_base.plan
    return [
        Check("ladder", HANDED_DOWN, stated, whole),
        Check("carried", HANDED_DOWN, stated, carried),
        _against_measures(programme, day, "theme", "goal__theme"),
        _against_measures(programme, day, "goal", "goal"),
        Check("in_base_lines", HANDED_DOWN, single("base", ladder.in_base), single("in_base_lines", lines)),
    ]


def _against_measures(programme: Programme, day: date, kind: str, path: str) -> Check:
    """Targets of themes or goals against what the measures under them carry, withdrawn ones too (R9)."""
    rows = [
        row for row in target_rows(programme, day) if row.kind == kind and row.column == Target.Column.TOTAL
    ]
    names = _names(programme, rows)
    given = _side_of(f"target_{kind}", rows, names) if rows else Side(f"target_{kind}", (None, None))
    given = Side(f"target_{kind}", given.ends, tuple(_part(kind, row, names) for row in rows))
    carried: dict[int, int] = {}
    if rows:
        valid = Q(targets__valid_from__lte=day) & (Q(targets__valid_to=None) | Q(targets__valid_to__gt=day))
        sums = Measure.objects.filter(programme=programme).order_by().values(path)
        carried = dict(
            sums.annotate(cents=Sum("targets__value_eur_cents", filter=valid)).values_list(path, "cents")
        )
    ids = [getattr(row, f"{kind}_id") for row in rows]
    parts = [Part(names.get((kind, pk), ""), (carried.get(pk), carried.get(pk))) for pk in ids]
    return Check(f"measures_by_{kind}", HANDED_DOWN, given, side("measures", parts))


def _bases(programme: Programme, day: date) -> list[Check]:
    """Covering a deficit and lowering the cost level are two bases: the chosen one, the other beside it."""
    figures = savings_figures(programme, on=day)
    path = DeficitPath.objects.filter(programme=programme).first()
    deficit = -path.opening_deficit_eur_cents if path else figures.target.stated
    level, period = figures.total.level_change, figures.total.period
    chosen = Side(
        "basis_level", (None, figures.target.full),
        (Part("plan_level", (None, level.plan)), Part("forecast_level", (None, level.forecast))),
    )  # fmt: skip
    other = Side(
        "basis_sum", (None, deficit),
        (Part("plan_sum", (None, period.plan)), Part("forecast_sum", (None, period.forecast))),
    )  # fmt: skip
    if programme.basis != Programme.Basis.LEVEL_CHANGE:
        chosen, other = other, chosen
    years = {"start_year": figures.start_year, "final_year": figures.final_year}
    return [Check("bases", BASES, chosen, other, params=years)]


# --- sums of lines -----------------------------------------------------------------------------------------


def footings(programme: Programme, on: date | None = None) -> list[Footing]:
    """The level change of the new lines summed by theme, goal, sector and cost type, against the programme's total."""
    figures = savings_figures(programme, on=on)
    top_goals = [row.pk for row in rows_of(Goal, programme) if row.parent_id is None]
    top_types = [row.pk for row in rows_of(CostType, programme) if row.parent_id is None]
    slices: dict[str, list[Figures]] = {
        "theme": list(figures.by_theme.values()),
        "goal": [figures.by_goal[pk] for pk in top_goals],
        "sector": list(figures.by_sector.values()),
        "cost_type": [figures.by_cost_type[pk] for pk in top_types if pk in figures.by_cost_type],
    }
    return [
        Footing(
            level,
            _of(figures.total, level),
            {name: _sum(_of(part, level) for part in parts) for name, parts in slices.items()},
        )
        for level in FOOTED
    ]


def _of(figures: Figures, level: str) -> int | None:
    """All months of the programme, the level of the final year in them: what every breakdown must sum to."""
    levels: Levels = figures.period
    cents: int | None = getattr(levels, level)
    return cents


def _sum(parts: Iterable[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


# --- notes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Noted:
    """A check with the note that somebody has written about it, if any."""

    check: Check
    note: Deviation | None

    @property
    def has_moved(self) -> bool:
        """The size is not what it was when the note was written."""
        return self.note is not None and moved_since(self.note.params, self.check.difference)

    @property
    def is_open(self) -> bool:
        """Nobody has said yet why this size is right."""
        done = self.note is not None and self.note.state in (
            Deviation.State.EXPLAINED,
            Deviation.State.CLOSED,
        )
        return self.check.needs_note and (not done or self.has_moved)


def noted(programme: Programme, on: date | None = None) -> list[Noted]:
    """Every check with its latest note."""
    rows = Deviation.objects.filter(programme=programme, kind=Deviation.Kind.DIFFERENCE).order_by("pk")
    notes = {row.cause_key: row for row in rows.select_related("owner")}
    return [Noted(check, notes.get(check.key)) for check in checks(programme, on)]


def open_differences(
    programme: Programme, found: Sequence[Noted] | None = None, sums: Sequence[Footing] | None = None
) -> int:
    """How many differences nobody has explained at their present size; sums of lines that do not foot included.

    A page that has the checks and the sums at hand hands them in; the number is kept for `known_open_differences`.
    """
    day = programme.today()

    def count() -> int:
        checked = noted(programme, day) if found is None else found
        footed = footings(programme, day) if sums is None else sums
        return sum(one.is_open for one in checked) + sum(not footing.agrees for footing in footed)

    return cached(programme, _OPEN.format(day=day), count)


def known_open_differences(programme: Programme) -> int | None:
    """The same number where it has been worked out for the present data, else None: every savings page asks."""
    return kept(programme, _OPEN.format(day=programme.today()))
