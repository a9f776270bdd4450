"""Illustrative measures: as many as asked for, the same for the same seed, inside the programme's target band.

What is written here is invented (`portfolio_drafts`), marked `is_illustrative` in every row that has the
mark, and goes away with `remove_measures`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from core.bulk import BulkWriter
from core.money import spread
from core.periods import month_end, months, months_between, next_month
from measures import portfolio_words as words
from measures.demo import ledger
from measures.demo.beside import write_beside
from measures.demo.deficit import remove_deficit, write_deficit
from measures.demo.funding import write_spending
from measures.demo.ladder import forget_ladder, write_shares
from measures.demo.ledger import closing_day, write_books
from measures.demo.production import write_services
from measures.demo.rows import insert, take_ids
from measures.models import (
    Confirmation,
    LineClass,
    Measure,
    MeasureSegment,
    MeasureTarget,
    MeasureTotal,
    Overlap,
    Permanence,
    SavingsEntry,
    SavingsLine,
    Service,
    Spending,
    Stage,
)
from measures.portfolio_drafts import (
    WITHDRAWN_CODE_NUMBER,
    Calendar,
    Draft,
    Line,
    Structure,
    kept_share,
    makes_up_level,
)
from measures.selectors import target_figures
from programme.models import (
    CostType,
    FundingSource,
    Goal,
    Milestone,
    PlanPart,
    Programme,
    Project,
    ProjectPlanPart,
    Sector,
    Segment,
    Target,
    Theme,
)

MEUR = 100_000_000
#: Theme by a part of its key: share of the measures, plan and forecast level by cost type in 10 000 EUR.
THEMES: dict[str, tuple[int, dict[str, tuple[int, int]]]] = {
    "digi": (42, {"henkilosto": (100, 80), "ostot": (-1550, -1000), "vuokrat": (-30, -20)}),
    "palveluverkko": (23, {"ostot": (-810, -570), "vuokrat": (-400, -300)}),
    "ostopalvelut": (31, {"ostot": (-4250, -3200), "henkilosto": (60, 40)}),
    "henkilosto": (22, {"henkilosto": (1400, 1180), "ostot": (-150, -130)}),
}
WITHDRAWN_TARGET = -128_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written."""

    measures: int
    lines: int
    entries: int
    confirmations: int


class NoStructure(ValueError):
    """The programme has no goals, sectors or cost types for measures to stand on."""


# --- what the programme offers -----------------------------------------------------------------------------


def calendar_of(programme: Programme) -> Calendar:
    """Months of the programme; the books are closed through February of its second year, today is 31 March."""
    year = min(programme.start_year + 1, programme.end_year)
    all_months = list(months(date(programme.start_year, 1, 1), date(programme.end_year + 1, 1, 1)))
    return Calendar(all_months, months_between(all_months[0], date(year, 3, 1)), date(year, 3, 31))


def structure_of(programme: Programme) -> Structure:
    """Reads the programme's goals, sectors, cost types and targets; raises NoStructure."""
    goals = list(Goal.objects.filter(programme=programme).select_related("theme").order_by("number", "pk"))
    parents = {goal.parent_id for goal in goals}
    by_theme: dict[Theme, list[Goal]] = defaultdict(list)
    for goal in goals:
        if goal.pk not in parents:
            by_theme[goal.theme].append(goal)
    sectors = list(Sector.objects.filter(programme=programme))
    cost_types = _cost_types(programme)
    if not by_theme or not sectors or not cost_types:
        raise NoStructure
    themes = sorted(by_theme, key=lambda theme: theme.number)
    levels = _levels(programme, themes, cost_types)
    shares = {theme: profile[0] if (profile := _profile(theme)) else 30 for theme in themes}
    return Structure(
        programme, {theme: by_theme[theme] for theme in themes}, sectors, cost_types, levels, shares
    )


def _cost_types(programme: Programme) -> list[CostType]:
    """Cost types that have a target; without any, all cost types without parts."""
    rows = list(CostType.objects.filter(programme=programme, kind=CostType.Kind.COST))
    targeted = set(
        Target.objects.filter(programme=programme, kind=Target.Kind.COST_TYPE).values_list(
            "cost_type", flat=True
        )
    )
    parents = {row.parent_id for row in rows}
    return [row for row in rows if row.pk in targeted] or [row for row in rows if row.pk not in parents]


def _profile(theme: Theme) -> tuple[int, dict[str, tuple[int, int]]] | None:
    return next((profile for part, profile in THEMES.items() if part in theme.key), None)


def _levels(
    programme: Programme, themes: list[Theme], cost_types: list[CostType]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Plan and forecast level of new lines by theme and cost type.

    By the profiles when every theme has one, else the target beyond the base dealt out equally:
    nine tenths of it planned, seven tenths forecast.
    """
    levels = {}
    if all(_profile(theme) for theme in themes):
        for theme in themes:
            for part, (plan, forecast) in _profile(theme)[1].items():  # type: ignore[index]
                for row in cost_types:
                    if part in row.key:
                        levels[theme.pk, row.pk] = (plan * MEUR // 100, forecast * MEUR // 100)
        return levels
    target = target_figures(programme)
    wanted = (target.full if target.full is not None else -10 * MEUR) - (target.in_base or 0)
    parts = spread(wanted, len(themes) * len(cost_types))
    for at, theme in enumerate(themes):
        for index, row in enumerate(cost_types):
            part = parts[at * len(cost_types) + index]
            levels[theme.pk, row.pk] = (part * 9 // 10, part * 7 // 10)
    return levels


# --- writing -----------------------------------------------------------------------------------------------


def write_measures(
    writer: BulkWriter,
    structure: Structure,
    calendar: Calendar,
    drafts: list[Draft],
    *,
    controller: Any = None,
) -> Written:
    """Writes projects, segments, measures, lines, months, confirmations, overlaps, ledger and closed books."""
    programme = structure.programme
    projects = _write_projects(writer, structure, calendar)
    segments = _write_segments(writer, programme)
    _write_drafts(writer, structure, calendar, drafts, projects, segments)
    lines = [line for draft in drafts for line in draft.lines]
    entries = writer.copy_rows(
        SavingsEntry, ("programme", "line", "month", "series", "amount_eur_cents", "version"),
        (
            (programme.pk, line.id, calendar.months[at], str(series), cents, 1)
            for line in lines
            for series, amounts in line.series()
            for at, cents in enumerate(amounts)
            if cents is not None
        ),
    )  # fmt: skip
    confirmations = _write_confirmations(writer, programme, calendar, lines, controller)
    _write_overlaps(writer, programme, drafts, calendar)
    write_books(writer, structure, calendar, lines, controller)
    write_spending(writer, programme, drafts, calendar)
    write_shares(writer, programme, drafts, calendar)
    write_beside(writer, programme, drafts, calendar)
    write_services(writer, programme)
    write_deficit(writer, programme)
    # Without fresh statistics the first reads would be planned for the tables as they were before.
    for model in (Measure, SavingsLine, SavingsEntry, Confirmation, MeasureTotal):
        writer.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
    return Written(len(drafts), len(lines), entries, confirmations)


def _named(names: words.Words) -> dict[str, str]:
    return {"name_fi": names[0], "name_sv": names[1], "name_en": names[2]}


def _write_projects(writer: BulkWriter, structure: Structure, calendar: Calendar) -> dict[int, list[int]]:
    """Three projects for each theme with four milestones each; ids by theme."""
    programme, by_theme = structure.programme, {}
    projects, milestones = [], []
    for order, theme in enumerate(structure.goals):
        names = words.words_for(words.PROJECTS, theme.key)
        by_theme[theme.pk] = take_ids(writer, Project, len(names))
        for at, (key, name) in enumerate(zip(by_theme[theme.pk], names, strict=True)):
            starts = calendar.months[min(len(calendar.months) - 1, max(0, calendar.closed - 6 + 2 * at))]
            projects.append({
                "id": key, "programme": programme.pk, "slug": f"esimerkki-{theme.key}-{at + 1}"[:80],
                "theme": theme.pk, "state": "running" if at < 2 else "planned", "starts_on": starts,
                "ends_on": max(month_end(starts), month_end(calendar.months[-1 - 3 * at])), "is_illustrative": True,
                "phase_number": 3 - at if at < 2 else 1, **_named(name),
            })  # fmt: skip
            for step, milestone in enumerate(words.MILESTONES):
                planned = starts + timedelta(days=75 + 130 * step + 9 * order)
                late = (0, 0, 14, 30)[(order + at + step) % 4]
                expected = planned + timedelta(days=late)
                done = expected <= calendar.today
                milestones.append({
                    "programme": programme.pk, "project": key, "key": f"vaihe-{step + 1}",
                    "baseline_on": planned, "forecast_on": expected, "actual_on": expected if done else None,
                    "is_illustrative": True, **_named(milestone),
                })  # fmt: skip
    insert(writer, Project, projects)
    insert(writer, Milestone, milestones)
    _write_plans(writer, structure, projects)
    return by_theme


#: How many parts of its plan the first, second and third project of a theme have written.
PARTS_WRITTEN = (6, 4, 0)


def _write_plans(writer: BulkWriter, structure: Structure, projects: list[dict[str, Any]]) -> None:
    """The plans of the projects, more or less whole."""
    parts = list(PlanPart.objects.filter(programme=structure.programme))
    rows = []
    for order, project in enumerate(projects):
        for at, part in enumerate(parts):
            texts = words.words_for(words.PLAN_TEXTS, part.key)[0]
            written = at < PARTS_WRITTEN[order % len(PARTS_WRITTEN)]
            rows.append({
                "programme": structure.programme.pk, "project": project["id"], "part": part.pk,
                **dict(zip(("text_fi", "text_sv", "text_en"), texts if written else ("", "", ""), strict=True)),
                "written_on": project["starts_on"] if written else None,
            })  # fmt: skip
    if rows:
        insert(writer, ProjectPlanPart, rows)


def _write_segments(writer: BulkWriter, programme: Programme) -> list[int]:
    """Three client segments, unless the programme names its own; their ids."""
    own = list(Segment.objects.filter(programme=programme).values_list("pk", flat=True))
    if own:
        return own
    ids = take_ids(writer, Segment, len(words.SEGMENTS))
    insert(writer, Segment, [
        {"id": key, "programme": programme.pk, "key": slug, "position": at, "is_illustrative": True, **_named(name)}
        for at, (key, (slug, name)) in enumerate(zip(ids, words.SEGMENTS, strict=True))
    ])  # fmt: skip
    return ids


def _write_drafts(
    writer: BulkWriter, structure: Structure, calendar: Calendar, drafts: list[Draft],
    projects: dict[int, list[int]], segments: list[int],
) -> None:  # fmt: skip
    programme = structure.programme
    for draft, key in zip(drafts, take_ids(writer, Measure, len(drafts)), strict=True):
        draft.id = key
    lines = [line for draft in drafts for line in draft.lines]
    for line, key in zip(lines, take_ids(writer, SavingsLine, len(lines)), strict=True):
        line.id = key
    width = max(3, len(str(len(drafts))))
    funds = FundingSource.objects.filter(programme=programme, kind=FundingSource.Kind.STABILISATION)
    outside = funds.values_list("pk", flat=True).first()
    insert(writer, Measure, [_measure_row(draft, programme, calendar, projects, width) for draft in drafts])
    insert(writer, SavingsLine, [
        {
            "id": line.id, "programme": programme.pk, "measure": draft.id, "sector": line.sector.pk,
            "cost_type": line.cost_type.pk, "goal": draft.goal.pk, "permanence": str(line.permanence),
            "line_class": str(line.line_class), "in_base": False,
            "paid_from": outside if line.permanence == Permanence.ONE_OFF and draft.number % 2 else None,
            "basis_note": words.ONE_OFF_BASIS if line.permanence == Permanence.ONE_OFF else words.LASTING_BASIS,
        }
        for draft in drafts
        for line in draft.lines
    ])  # fmt: skip
    insert(writer, MeasureTarget, [
        {
            "programme": programme.pk, "measure": draft.id, "value_eur_cents": target,
            "valid_from": calendar.months[0], "reason": "Havainnollistava tavoite",
        }
        for draft in drafts
        if (target := _target(draft, calendar))
    ])  # fmt: skip
    insert(writer, MeasureSegment, [
        {"programme": programme.pk, "measure": draft.id, "segment": segments[draft.number % len(segments)]}
        for draft in drafts
        if segments and draft.number % 5 < 3
    ])  # fmt: skip


def _measure_row(
    draft: Draft, programme: Programme, calendar: Calendar, projects: dict[int, list[int]], width: int
) -> dict[str, Any]:
    of_theme = projects[draft.theme.pk]
    withdrawn = draft.stage == Stage.WITHDRAWN
    starts = calendar.months[draft.main.start]
    full = calendar.months[min(len(calendar.months) - 1, draft.main.start + draft.main.ramp)]
    return {
        "id": draft.id, "programme": programme.pk, "code": f"T-{draft.number:0{width}d}", "goal": draft.goal.pk,
        "stage": str(draft.stage), "starts_on": starts,
        "ends_on": month_end(full),
        "withdrawn_on": calendar.today - timedelta(days=19) if withdrawn else None,
        "withdrawn_from": next_month(calendar.months[calendar.closed]) if withdrawn else None,
        "project": of_theme[draft.number % len(of_theme)] if of_theme and draft.number % 10 < 7 else None,
        "confidence_of_owner": ("high", "medium", "medium", "low")[draft.number % 4],
        "confidence_of_pmo": "low" if draft.quality < 700 else "",
        "description_fi": words.ILLUSTRATIVE[0], "description_sv": words.ILLUSTRATIVE[1],
        "description_en": words.ILLUSTRATIVE[2], "is_illustrative": True, **_named(draft.names),
    }  # fmt: skip


def _target(draft: Draft, calendar: Calendar) -> int:
    """What the measure is to reach in the final year, in whole 10 000 EUR; 0 for what is only identified."""
    if draft.stage == Stage.WITHDRAWN:
        return WITHDRAWN_TARGET if draft.number == WITHDRAWN_CODE_NUMBER else 0
    if draft.stage == Stage.IDENTIFIED or draft.main.line_class != LineClass.CASH:
        return 0
    level = sum(draft.main.plan[at] or 0 for at in calendar.final)
    sign = -1 if level < 0 else 1
    return sign * ((abs(level) + 500_000) // 1_000_000 * 1_000_000)


def _write_confirmations(
    writer: BulkWriter, programme: Programme, calendar: Calendar, lines: list[Line], controller: Any
) -> int:
    """All claims but those of the latest closed month are decided; a part of them is refused."""
    shares = {line.id: line.confirmed_share for line in lines if line.claimed}
    decided_before = calendar.months[calendar.closed - 1]
    writer.execute(
        "SELECT entry.id, entry.line_id, entry.month, entry.amount_eur_cents FROM measures_savingsentry entry"
        " WHERE entry.programme_id = %s AND entry.series = 'claimed' AND entry.month < %s"
        " AND entry.line_id = ANY(%s) ORDER BY entry.id",
        [programme.pk, decided_before, list(shares)],
    )
    rows = [
        {
            "programme": programme.pk, "entry": entry, "part_eur_cents": kept_share(cents, shares[line]),
            "decided_on": closing_day(month), "decided_by": getattr(controller, "pk", None),
            "reason": "" if shares[line] == 1000 else "Kirjanpito ei näytä koko säästöä.",
        }
        for entry, line, month, cents in writer.cursor.fetchall()
    ]  # fmt: skip
    if rows:
        insert(writer, Confirmation, rows)
    return len(rows)


def _write_overlaps(
    writer: BulkWriter, programme: Programme, drafts: list[Draft], calendar: Calendar
) -> None:
    """One measure in forty, at most forty in all, yields a tenth of its effect to a neighbour of its kind."""
    standing: dict[tuple[int, int, int], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if makes_up_level(draft, draft.main) and draft.main.permanence == Permanence.LASTING:
            standing[draft.theme.pk, draft.main.sector.pk, draft.main.cost_type.pk].append(draft)
    rows = []
    for group in standing.values():
        for first, second in zip(group[::40], group[1::40], strict=False):
            effects = [
                sum(draft.main.plan[at] or 0 for at in calendar.final) // 12 for draft in (first, second)
            ]
            if max(effects) >= 0:
                continue
            start = max(first.main.start, second.main.start)
            rows.append({
                "programme": programme.pk, "yielding_line": second.main.id, "other_line": first.main.id,
                "amount_eur_cents": -(abs(max(effects)) // 10 // 10_000 * 10_000) or -10_000,
                "first_month": calendar.months[start], "reason": "Sama ostosopimus, havainnollistava",
            })  # fmt: skip
    if rows:
        insert(writer, Overlap, rows[: min(40, max(2, len(drafts) // 40))])


# --- removing ----------------------------------------------------------------------------------------------

_OWN = "SELECT id FROM measures_measure WHERE programme_id = %(programme)s AND is_illustrative"
_OWN_LINES = (
    f"SELECT id FROM measures_savingsline WHERE programme_id = %(programme)s AND measure_id IN ({_OWN})"
)
_REMOVE = (
    "DELETE FROM measures_overlap WHERE programme_id = %(programme)s"
    f" AND (yielding_line_id IN ({_OWN_LINES}) OR other_line_id IN ({_OWN_LINES}))",
    "DELETE FROM measures_confirmation WHERE programme_id = %(programme)s AND entry_id IN"
    f" (SELECT id FROM measures_savingsentry WHERE programme_id = %(programme)s AND line_id IN ({_OWN_LINES}))",
    f"DELETE FROM measures_savingsentry WHERE programme_id = %(programme)s AND line_id IN ({_OWN_LINES})",
    f"DELETE FROM measures_savingsline WHERE programme_id = %(programme)s AND measure_id IN ({_OWN})",
)
_REMOVE_ROWS = (*ledger.TABLES, Service, Milestone, Project, Segment)


def remove_measures(writer: BulkWriter, programme: Programme) -> int:
    """Takes away every illustrative row of this module's tables; the number of measures that went."""
    for statement in _REMOVE:
        writer.cursor.execute(statement, {"programme": programme.pk})
    Spending.objects.filter(programme=programme, is_illustrative=True).delete()  # they hold on to measures
    forget_ladder(programme)
    measures = Measure.objects.filter(programme=programme, is_illustrative=True)
    count = measures.count()
    measures.delete()
    for model in _REMOVE_ROWS:
        model._default_manager.filter(programme=programme, is_illustrative=True).delete()
    remove_deficit(programme)
    return count
