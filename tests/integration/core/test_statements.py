"""Statements that are written once answer as the queryset itself would, every time anew."""

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from core import asof
from core.statements import Statement, give
from measures.models import Measure, SavingsLine, Succession
from measures.selectors.ladder import with_succession
from tests.factories.kpis import make_indicator, make_rule
from tests.factories.measures import make_ground, make_line, make_measure

pytestmark = pytest.mark.django_db

LINES = Statement(
    lambda measure: (
        SavingsLine.objects.filter(measure=measure)
        .select_related("goal__theme", "sector", "paid_from")
        .order_by("-pk")
    )
)
WITH_LINKS: Statement[Any] = Statement(
    lambda code, since: with_succession(Measure.objects.filter(code=code, starts_on__gte=since))
)


def plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_rows_are_those_of_the_queryset(django_assert_num_queries: Any) -> None:
    ground = make_ground()
    first, second = make_measure(ground, "M-1"), make_measure(ground, "M-2")
    make_line(first, ground)
    make_line(first, ground, in_base=True)
    make_line(second, ground)

    for measure in (first, second):
        with django_assert_num_queries(1):
            found = LINES.all(measure=measure.pk)
            told = [(row.goal.theme.name, row.sector.name, row.paid_from) for row in found]
        wanted = SavingsLine.objects.filter(measure=measure).order_by("-pk")
        assert [plain(row) for row in found] == [plain(row) for row in wanted]
        assert told == [(row.goal.theme.name, row.sector.name, row.paid_from) for row in wanted]
        assert not any(row._state.adding for row in found)


def test_annotations_come_as_values() -> None:
    ground = make_ground()
    old = make_measure(ground, "M-1", starts_on=date(2025, 1, 1))
    new = make_measure(ground, "M-2", starts_on=date(2025, 1, 1))
    Succession.objects.create(
        programme=ground.programme,
        from_measure=old,
        to_measure=new,
        from_month=date(2025, 3, 1),
        kind="merge",
    )

    (found,) = WITH_LINKS.all(code="M-1", since=date(2024, 1, 1))
    assert found == old
    assert found.went_on_as == [{"kind": "merge", "code": "M-2", "month": "2025-03-01"}]
    assert found.came_from == []
    assert WITH_LINKS.all(code="M-1", since=date(2025, 1, 2)) == []
    assert WITH_LINKS.all(code="M-1' OR true --", since=date(2024, 1, 1)) == []


def test_only_the_statement_is_kept_never_the_answer() -> None:
    ground = make_ground()
    make_measure(ground, "M-1", starts_on=date(2025, 1, 1))
    before = WITH_LINKS.one_or_404(code="M-1", since=date(2024, 1, 1))
    Measure.objects.filter(pk=before.pk).update(name_fi="Uusi")

    assert WITH_LINKS.one_or_404(code="M-1", since=date(2024, 1, 1)).name_fi == "Uusi"
    assert before.name_fi != "Uusi"


def test_nothing_found_is_404() -> None:
    with pytest.raises(Http404):
        WITH_LINKS.one_or_404(code="M-404", since=date(2024, 1, 1))


def test_the_past_is_asked_for_by_the_queryset_itself() -> None:
    ground = make_ground()
    line = make_line(make_measure(ground), ground)
    statement = Statement(lambda measure: SavingsLine.objects.filter(measure=measure))
    past = asof.Past(ground.programme.pk, date(2025, 1, 1), "then")
    token = asof._PAST.set(past)
    try:
        assert statement.all(measure=line.measure_id) == [line]
        assert statement._written is None
    finally:
        asof._PAST.reset(token)


def test_what_points_to_a_row_is_not_asked_for_again(django_assert_num_queries: Any) -> None:
    indicator = make_indicator()
    rule = make_rule(indicator)
    with django_assert_num_queries(0):
        give(indicator, "rules", [rule])
        assert list(indicator.rules.all()) == [rule]
        assert rule.indicator is indicator
