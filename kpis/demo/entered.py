"""Illustrative entered values, a survey, a derived indicator and a judgement, so that their pages have something.

Marked `is_illustrative`; what is approved goes through the same door as real values. Written once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.history import own_context
from kpis.evaluating import evaluate
from kpis.models import Indicator, IndicatorGroup, Judgement, ManualValue, SourceLink, TargetRule
from kpis.values.derived import add_derived
from kpis.values.entering import approve, give_back
from kpis.values.figures import part_of
from kpis.values.judging import answers_of
from kpis.values.selectors import JUDGED
from kpis.values.stated import follow_statement, stated_targets
from programme.models import Programme, RoleGrant

REASON = "illustrative entered values (illustrate_indicators)"
GROUPS = (
    ("sote", "Sote", "Social- och hälsovård", "Health and social"),
    ("pela", "Pela", "Räddning", "Rescue"),
)
SURVEY = {"name_fi": "Henkilöstökysely", "name_sv": "Personalenkät", "name_en": "Staff survey"}


@transaction.atomic
def write_entered(programme: Programme) -> int:
    """How many values were written; a second call writes none."""
    if ManualValue.objects.filter(programme=programme, is_illustrative=True).exists():
        return 0
    with own_context(user=None, reason=REASON):
        _write_coverage(programme)
        _write_waiting(programme)
        _write_judgement(programme)
    return ManualValue.objects.filter(programme=programme, is_illustrative=True).count()


def _value(indicator: Indicator, **fields: Any) -> ManualValue:
    row = ManualValue(
        programme_id=indicator.programme_id, indicator=indicator, is_illustrative=True,
        **({"source": "Havainnollistava"} | fields),
    )  # fmt: skip
    row.save()
    return row


def _write_coverage(programme: Programme) -> None:
    """Supervisors measured in 2024, out of all; the year after waits. Only where the programme states such a target."""
    for target in stated_targets(programme):
        indicator = follow_statement(statement=target.statement, by=None)
        link = indicator.source_links.first()
        years = (year for year in (2024, 2025) if year <= programme.today().year)
        for year, count in zip(years, (81, 140), strict=False):
            share = part_of(Decimal(count), Decimal(300))
            row = _value(indicator, year=year, source_link=link, count=count, base_count=300, value=share)
            if year == 2024:
                approve(value=row, by=None, on=date(year + 1, 2, 3))


def _write_waiting(programme: Programme) -> None:
    """A survey with groups: values that wait and one that was returned, where no other source feeds the indicator."""
    rows = Indicator.objects.filter(programme=programme, source_links__isnull=True).exclude(unit="")
    surveyed = rows.filter(Q(unit__icontains="NPS") | Q(name_fi__icontains="NPS") | Q(needs_baseline=True))
    indicator = surveyed.order_by("-needs_baseline", "position").first()
    if indicator is None:
        return
    link = SourceLink.objects.create(
        programme=programme,
        indicator=indicator,
        key="survey-1",
        kind=SourceLink.Kind.SURVEY,
        position=1,
        **SURVEY,
    )
    for position, (key, fi, sv, en) in enumerate(GROUPS, start=1):
        IndicatorGroup.objects.create(
            programme=programme, indicator=indicator, dimension=IndicatorGroup.Dimension.AREA, key=key,
            position=position, name_fi=fi, name_sv=sv, name_en=en,
        )  # fmt: skip
    year = programme.today().year - 1
    told: dict[str, Any] = {"source_link": link, "source": ""}
    _value(indicator, year=year, value=Decimal("12"), base_count=1840, is_baseline=True, **told)
    _value(indicator, year=year, value=Decimal("9"), base_count=212, breakdown="pela", **told)
    wrong = _value(indicator, year=year, value=Decimal("120"), breakdown="sote", **told)
    give_back(value=wrong, reason="Luvussa lienee desimaalivirhe.", by=None, on=programme.today())
    _write_derived(programme, indicator)


def _write_derived(programme: Programme, indicator: Indicator) -> None:
    """A draft that follows how much another indicator changes."""
    last = Indicator.objects.filter(programme=programme).count()
    made = Indicator.objects.create(
        programme=programme, key="muutos-esimerkki", state=Indicator.State.DRAFT, unit=indicator.unit,
        name_fi="Havainnollistava: henkilöstökyselyn muutos", name_sv="Exempel: förändring i personalenkäten",
        name_en="Illustrative: change in the staff survey", position=last + 1,
    )  # fmt: skip
    link = SourceLink(programme=programme, indicator=made, key="derived-1", formula=SourceLink.Formula.CHANGE)
    add_derived(link=link, top=[indicator], bottom=[], by=None)


def _write_judgement(programme: Programme) -> None:
    """One answer of a person where the rule asks for it."""
    rule = (
        TargetRule.objects.filter(
            programme=programme,
            kind__in=JUDGED,
            indicator__isnull=False,
            indicator__state="active",
            valid_to=None,
        )
        .order_by("-kind")
        .first()
    )
    if rule is None or rule.indicator is None:
        return
    office = RoleGrant.objects.filter(programme=programme, role="pmo", user__is_active=True).first()
    if rule.indicator.owner is None and office is not None:
        rule.indicator.owner = office.user
        rule.indicator.save(update_fields=["owner"])
    year = programme.today().year - 1
    Judgement.objects.get_or_create(
        programme=programme, indicator=rule.indicator, year=year,
        defaults={
            "answer": answers_of(rule.indicator)[0], "judged_on": programme.today(),
            "reason": "Havainnollistava vastaus: vuoden tulokset on käyty läpi johtoryhmässä.",
        },
    )  # fmt: skip
    evaluate([rule.indicator])
