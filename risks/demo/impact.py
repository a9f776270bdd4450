"""Illustrative answers about impacts: groups, hearings, a closing that is half assessed, promises at risk and broken.

Nothing here comes from the county. The directions of the programme's own areas stay empty: they are the county's.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from measures.models import Measure, Stage
from programme.models import Programme
from risks.impact.groups import make_groups
from risks.impact.watching import indicators_of, watch
from risks.models import (
    AffectedGroup,
    ClosureAssessment,
    GroupEffect,
    ImpactArea,
    ImpactAssessment,
    ImpactWatch,
    ProductionAnalysis,
    Promise,
    PromiseCheck,
    StaffHearing,
)

MARK = "(havainnollistava)"
#: Measures that get answers, and of these those that touch somebody badly.
MEASURES = 12
HEARINGS = (
    ("Yksikön kokous", "Hoitajat", "Siirtymäaika on liian lyhyt.", "Siirtymää pidennettiin kuukaudella."),
    ("Kysely", "Koko palvelualue", "Perehdytykseen tarvitaan aikaa.", ""),
    ("Yhteistoimintamenettely", "Tukipalvelut", "Tehtävien siirto on selvä.", "Ei muutoksia: sovittiin jo."),
)  # fmt: skip


def write_impact(programme: Programme, today: date) -> int:
    """Writes the illustrative answers; of how many measures. Measures that stand before a gate are left alone."""
    make_groups(programme)
    rows = Measure.objects.filter(programme=programme, is_illustrative=True)
    found = list(rows.filter(stage__in=[Stage.IN_DELIVERY, Stage.DECIDED]).order_by("code")[:MEASURES])
    if not found:
        return 0
    people = {row.username: row for row in get_user_model().objects.filter(is_demo=True)}
    _groups(programme, found)
    _hearings(programme, found, today)
    _promises(programme, found, people, today)
    _areas(programme, found)
    _closing(programme, rows, people)
    _analysis(programme, found[-1], today)
    return len(found)


def forget_impact(programme: Programme) -> None:
    """Takes away what does not go with the illustrative measures."""
    ImpactWatch.objects.filter(programme=programme, note__endswith=MARK).delete()


def _groups(programme: Programme, measures: list[Measure]) -> None:
    groups = list(AffectedGroup.objects.filter(programme=programme))
    GroupEffect.objects.bulk_create(
        GroupEffect(
            programme=programme, measure=measure, group=group, answer=answer,
            text=f"Asiointi siirtyy verkkoon {MARK}." if answer == "negative" else "",
            mitigation=f"Puhelinpalvelu ja neuvontapiste säilyvät {MARK}." if answer == "negative" else "",
        )
        for at, measure in enumerate(measures)
        for group in groups
        for answer in [_effect(at, group)]
    )  # fmt: skip


def _effect(at: int, group: AffectedGroup) -> str:
    if group.kind == AffectedGroup.Kind.DIGITAL and at % 4 == 0:
        return "negative"
    return "positive" if (at + group.position) % 3 == 0 else "neutral"


def _hearings(programme: Programme, measures: list[Measure], today: date) -> None:
    StaffHearing.objects.bulk_create(
        StaffHearing(
            programme=programme, measure=measure, heard_on=today - timedelta(days=15 + 11 * at),
            form=f"{form} {MARK}", group=group, said=said, changed=changed,
        )
        for at, measure in enumerate(measures[: MEASURES - 3])
        for form, group, said, changed in [HEARINGS[at % len(HEARINGS)]]
    )  # fmt: skip


def _promises(programme: Programme, measures: list[Measure], people: dict[str, Any], today: date) -> None:
    """Most are kept; one is broken, two are at risk, one of these signed off."""
    promises = list(Promise.objects.filter(programme=programme))
    worse = {(0, 1): "broken", (2, 0): "negative", (5, 2): "negative"}
    rows = []
    for at, measure in enumerate(measures):
        for place, promise in enumerate(promises):
            answer = worse.get((at, place)) or ("not_concerned" if (at + place) % 4 == 3 else "ok")
            row = PromiseCheck(programme=programme, measure=measure, promise=promise, answer=answer)
            if answer in PromiseCheck.NEGATIVES:
                row.text = f"Palvelu jää etäkanaviin {MARK}."
                row.mitigation = f"Lähipalvelu palaa kerran viikossa {MARK}." if at else ""
            if (at, place) == (5, 2) and people.get("theme"):
                row.signed_off_by, row.signed_off_on = people["theme"], today - timedelta(days=9)
            row.created_by = row.updated_by = people.get("measure")
            rows.append(row)
    PromiseCheck.objects.bulk_create(rows)


def _areas(programme: Programme, measures: list[Measure]) -> None:
    areas = list(ImpactArea.objects.filter(programme=programme))
    ImpactAssessment.objects.bulk_create(
        ImpactAssessment(
            programme=programme, measure=measure, area=area,
            answer="negative" if (at, place) in ((1, 0), (4, 3)) else "positive" if (at + place) % 3 else "neutral",
            text=f"Matkat pitenevät osalla asukkaista {MARK}." if (at, place) in ((1, 0), (4, 3)) else "",
            mitigation=f"Liikkuva yksikkö kerran viikossa {MARK}." if (at, place) == (1, 0) else "",
        )
        for at, measure in enumerate(measures)
        for place, area in enumerate(areas)
    )  # fmt: skip
    indicators = list(indicators_of(programme)[:4])
    for area, indicator in zip(areas[:2] + areas[3:5], indicators, strict=False):
        watch(area=area, indicator=indicator, note=f"Näyttäisi vaikutuksen {MARK}", by=None)


def _closing(programme: Programme, rows: Any, people: dict[str, Any]) -> None:
    """A measure that closes a service point: two parts of its assessment are written, two are not."""
    measure = rows.filter(stage=Stage.PLANNED).order_by("-code").first()
    if measure is None:
        return
    Measure.objects.filter(pk=measure.pk).update(service_point="Sivuvastaanotto", closes_service_point=True)
    ClosureAssessment.objects.create(
        programme=programme, measure=measure, created_by=people.get("measure"), updated_by=people.get("measure"),
        use=f"Kaksi vastaanottopäivää viikossa, noin 1 400 käyntiä vuodessa {MARK}.",
        channels=f"Pääterveysasema 18 km päässä, kotikäynnit, puhelin ja etävastaanotto {MARK}.",
    )  # fmt: skip


def _analysis(programme: Programme, measure: Measure, today: date) -> None:
    ProductionAnalysis.objects.create(
        programme=programme, measure=measure, own=f"Kuusi työntekijää, tilat ovat valmiina {MARK}.",
        bought=f"Kolme tarjousta, sopimuskausi neljä vuotta {MARK}.", answer="own",
        reason=f"Oma tuotanto on edullisempi ja vähentää ostoja {MARK}.", analysed_on=today - timedelta(days=40),
    )  # fmt: skip
