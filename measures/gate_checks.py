"""The checks that measures answer themselves: fields, lines, plan, basis, target, resources, the controller's word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Attachment
from core.periods import format_month
from core.text import translated
from measures.gates import Check, Unmet, register, simply
from measures.models import LineClass, Measure, MeasureTarget, MeasureTotal, Permanence, SavingsLine, Series
from measures.selectors.clock import books_closed_through
from programme.models import Goal, Programme

#: Months named one by one; of more, the first ones and how many.
NAMED = 6


# --- fields -----------------------------------------------------------------------------------------------


def _undescribed(measure: Measure) -> list[str]:
    found = []
    if not (measure.name_fi or measure.name_sv or measure.name_en):
        found.append(_("name"))
    if not (measure.description_fi or measure.description_sv or measure.description_en):
        found.append(_("description"))
    return found


def _undated(measure: Measure) -> list[str]:
    found = []
    if measure.starts_on is None:
        found.append(_("start"))
    if measure.ends_on is None:
        found.append(_("end"))
    return found


def _without_resources(measure: Measure) -> bool:
    return not (measure.project_id or measure.linked_initiative_id or measure.resources.strip())


def _goals_above(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    """Measures whose goal has sub-goals: the money is asked for at the lowest level."""
    goals = {measure.goal_id for measure in measures}
    above = set(Goal.objects.filter(programme=programme, parent__in=goals).values_list("parent", flat=True))
    return {measure.pk: [] for measure in measures if measure.goal_id in above}


def _without_target(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    day = programme.today()
    rows = MeasureTarget.objects.filter(programme=programme, measure__in=[one.pk for one in measures])
    held = {
        measure
        for measure, first, last in rows.values_list("measure", "valid_from", "valid_to")
        if first <= day and (last is None or last > day)
    }
    return {one.pk: [] for one in measures if one.pk not in held}


# --- lines and months ---------------------------------------------------------------------------------------


@dataclass
class Months:
    """Months of one line that are known in each series."""

    line: SavingsLine
    known: dict[str, set[date]]

    def of(self, series: str) -> set[date]:
        return self.known.get(series, set())

    @property
    def name(self) -> str:
        return f"{translated(self.line.cost_type, 'name').text}, {translated(self.line.sector, 'name').text}"

    @property
    def counts(self) -> bool:
        """Quality lines carry no money, so nothing is asked of their months."""
        return self.line.line_class != LineClass.QUALITY


def lines_of(programme: Programme, measures: Sequence[Measure]) -> dict[int, list[SavingsLine]]:
    """Savings lines with their names, by measure. One statement."""
    rows = SavingsLine.objects.filter(programme=programme, measure__in=[one.pk for one in measures])
    found: dict[int, list[SavingsLine]] = defaultdict(list)
    for line in rows.select_related("sector", "cost_type").order_by("pk"):
        found[line.measure_id].append(line)
    return found


def months_of(
    programme: Programme, measures: Sequence[Measure], series: Iterable[str]
) -> dict[int, list[Months]]:
    """Known months of every line, by measure. Two statements."""
    lines = lines_of(programme, measures)
    found = {pk: [Months(line, {}) for line in own] for pk, own in lines.items()}
    by_line = {months.line.pk: months for own in found.values() for months in own}
    totals = MeasureTotal.objects.filter(
        programme_id=programme.pk, line_id__in=list(by_line), series__in=list(series), n__gt=0
    )
    for line, name, year, bits in totals.values_list("line_id", "series", "year", "known"):
        known = by_line[line].known.setdefault(name, set())
        known |= {date(year, at + 1, 1) for at in range(12) if bits >> at & 1}
    return found


def _without_lines(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    lines = lines_of(programme, measures)
    return {one.pk: [] for one in measures if not lines.get(one.pk)}


def plan_gaps(months: Months, final_year: int) -> list[date] | None:
    """Months that the plan of a line leaves open, from its first one to the end of the programme.

    None when there is no plan at all. A one-off line needs one month, a seasonal one those of its season.
    """
    planned = months.of(Series.PLAN)
    if not planned:
        return None
    if months.line.permanence != Permanence.LASTING:
        return []
    first, wanted = min(planned), []
    for year in range(first.year, final_year + 1):
        wanted += [date(year, month, 1) for month in range(1, 13)]
    return [month for month in wanted if month > first and month not in planned]


def _plan_not_whole(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    found = months_of(programme, measures, [Series.PLAN])
    unmet: dict[int, list[str]] = {}
    for measure in measures:
        own = [months for months in found.get(measure.pk, []) if months.counts]
        said = []
        for months in own:
            gaps = plan_gaps(months, programme.final_year)
            if gaps is None:
                said.append(_("%(line)s: no plan") % {"line": months.name})
            elif gaps:
                said.append(f"{months.name}: {named_months(gaps)}")
        if said or not own:
            unmet[measure.pk] = said
    return unmet


def named_months(months: Sequence[date]) -> str:
    """Months in words, the first ones by name: 4/2025, 5/2025 and 8 more."""
    named = ", ".join(format_month(month) for month in months[:NAMED])
    more = len(months) - NAMED
    return named if more <= 0 else _("%(months)s and %(n)s more") % {"months": named, "n": more}


def has_basis(line: SavingsLine) -> bool:
    """Whether the line says how its amount came about, in words or by quantity, price and source (R22)."""
    if line.basis_note.strip():
        return True
    given = (line.basis_quantity, line.basis_unit_price_eur_cents, line.basis_months)
    return all(value is not None for value in given) and bool(line.basis_source.strip())


def _without_basis(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    lines = lines_of(programme, measures)
    bare = [line for own in lines.values() for line in own if not has_basis(line)]
    files = Attachment.objects.filter(
        programme=programme, content_type=ContentType.objects.get_for_model(SavingsLine),
        object_id__in=[line.pk for line in bare],
    )  # fmt: skip
    with_file = set(files.values_list("object_id", flat=True)) if bare else set()
    unmet: dict[int, list[str]] = defaultdict(list)
    for line in bare:
        if line.pk not in with_file:
            unmet[line.measure_id].append(Months(line, {}).name)
    return dict(unmet) | {one.pk: [] for one in measures if not lines.get(one.pk)}


def _without_last_word(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    """Lines with claims that nobody has decided, or closed months that were planned and never claimed."""
    closed = books_closed_through(programme)
    found = months_of(programme, measures, [Series.PLAN, Series.FORECAST, Series.CLAIMED, "undecided"])
    unmet: dict[int, list[str]] = {}
    for measure in measures:
        said = []
        for months in found.get(measure.pk, []):
            if not months.counts:
                continue
            undecided = sorted(months.of("undecided"))
            expected = months.of(Series.PLAN) | months.of(Series.FORECAST)
            ended = {month for month in expected if closed is not None and month <= closed}
            if measure.withdrawn_from is not None:
                ended = {month for month in ended if month < measure.withdrawn_from}
            unclaimed = sorted(ended - months.of(Series.CLAIMED))
            if undecided:
                said.append(
                    _("%(line)s: undecided %(months)s")
                    % {"line": months.name, "months": named_months(undecided)}
                )
            if unclaimed:
                said.append(
                    _("%(line)s: not claimed %(months)s")
                    % {"line": months.name, "months": named_months(unclaimed)}
                )
        if said:
            unmet[measure.pk] = said
    return unmet


register(
    Check(
        "described", gettext_lazy("Name and description"),
        gettext_lazy("The measure is not described."), simply(_undescribed),
    ),
    Check(
        "owner", gettext_lazy("An owner"),
        gettext_lazy("Nobody owns the measure."), simply(lambda measure: measure.owner_id is None),
        "measures:measure_part", "owner",
    ),
    Check(
        "dates", gettext_lazy("Start and end"),
        gettext_lazy("The dates are not given."), simply(_undated), "measures:measure_part", "dates",
    ),
    Check(
        "goal", gettext_lazy("The goal at its lowest level"),
        gettext_lazy("Its goal has sub-goals: choose the one the measure serves."), _goals_above,
    ),
    Check(
        "lines", gettext_lazy("Sector and cost type of the money"),
        gettext_lazy("There is no savings line that says where the money shows."), _without_lines,
        "measures:line_add",
    ),
    Check(
        "target", gettext_lazy("A savings target"),
        gettext_lazy("The measure carries no savings target."), _without_target, "measures:target_set",
    ),
    Check(
        "plan", gettext_lazy("The plan by month, whole to the end of the programme"),
        gettext_lazy("Months are missing from the plan."), _plan_not_whole, "measures:month_grid",
    ),
    Check(
        "basis", gettext_lazy("How each amount came about"),
        gettext_lazy("The basis of the figure is missing: words, or quantity, unit price, months and source."),
        _without_basis, "measures:measure_detail", anchor="lines", is_hard=True,
    ),
    Check(
        "confidence", gettext_lazy("Delivery confidence"),
        gettext_lazy("The owner has not said how sure the delivery is."),
        simply(lambda measure: not (measure.confidence_of_owner or measure.confidence_of_pmo)),
        "measures:measure_part", "confidence",
    ),
    Check(
        "resources", gettext_lazy("Who does it: a project or named people"),
        gettext_lazy("Neither a project nor people are named."), simply(_without_resources),
    ),
    Check(
        "last_word", gettext_lazy("The controller's last word on every line"),
        gettext_lazy("Claims wait for the controller, or closed months were never claimed."),
        _without_last_word, "measures:month_grid", is_hard=True,
    ),
)  # fmt: skip
