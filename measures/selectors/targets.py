"""The targets of a programme and of its measures, as they stand on a day."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from core.money import Pair
from core.reading import once
from measures.calculations import TargetFigures
from measures.models import Measure
from programme.models import CostType, Programme, Target


def measure_targets(
    measure_ids: Collection[int], programme: Programme, *, on: date | None = None
) -> dict[int, int]:
    """The target that each of the measures carries on a day, cents; measures without one are left out."""
    day = on or programme.today()
    rows = Measure.objects.filter(
        Q(targets__valid_to=None) | Q(targets__valid_to__gt=day),
        programme=programme, pk__in=list(measure_ids), targets__valid_from__lte=day,
    )  # fmt: skip
    return dict(rows.values_list("pk", "targets__value_eur_cents"))


def target_rows(programme: Programme, on: date) -> list[Target]:
    """The same as a list; one page reads it once."""
    return once(("targets", programme.pk, on), lambda: list(targets_on(programme, on)))


def targets_on(programme: Programme, on: date) -> QuerySet[Target]:
    """The versions that hold on a day, with their cost types."""
    return Target.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), programme=programme, valid_from__lte=on
    ).select_related("cost_type")


def pair_of(target: Target | None) -> Pair:
    """The target's scenario pair; a single value stands at both ends."""
    if target is None:
        return Pair(None, None)
    if target.value_eur_cents is not None:
        return Pair(target.value_eur_cents, target.value_eur_cents)
    return Pair(target.cautious_eur_cents, target.full_eur_cents)


def target_figures(programme: Programme, on: date | None = None) -> TargetFigures:
    """The stated target, the ends of the target table (printed, else summed), the part inside the base."""
    rows = target_rows(programme, on or programme.today())
    stated = stated_cents(rows)
    total = column_ends(rows, Target.Column.TOTAL)
    if not total and stated is not None:
        total = Pair(stated, stated)
    return TargetFigures(stated, total.cautious, total.full, column_ends(rows, Target.Column.BASE).full)


def stated_cents(rows: Iterable[Target]) -> int | None:
    """The stated target as a whole, without its parts by column."""
    return next(
        (
            pair_of(row).full
            for row in rows
            if row.kind == Target.Kind.STATED and row.column == Target.Column.TOTAL
        ),
        None,
    )


def column_ends(rows: Iterable[Target], column: str) -> Pair:
    """The printed total of a column of the target table, else the sum of its cost types, end by end.

    Targets of income types are kept apart from the cost target (R21).
    """
    rows = [row for row in rows if row.column == column]
    printed = next((pair_of(row) for row in rows if row.kind == Target.Kind.TOTAL), Pair(None, None))
    if printed.cautious is not None and printed.full is not None:
        return printed
    summed = sum_of_wholes(
        row for row in rows if row.cost_type is not None and row.cost_type.kind == CostType.Kind.COST
    )
    return Pair(
        printed.cautious if printed.cautious is not None else summed.cautious,
        printed.full if printed.full is not None else summed.full,
    )


def sum_of_wholes(rows: Iterable[Target]) -> Pair:
    return Pair.sum_known(pair_of(row) for row in rows)[0]
