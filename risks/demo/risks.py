"""Illustrative levels of the programme's risks over some months, risks of projects, a chance, and what is done.

The source gives no levels: nothing here comes from the county.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth import get_user_model

from programme.models import Programme, Project
from risks.factors import counts_of
from risks.models import Mitigation, Risk, RiskAssessment
from risks.register.calculations import month_before

Sides = tuple[int, int]
#: Likelihood and impact now, then after mitigation, of the programme's risks in the order of their numbers.
LEVELS: tuple[tuple[Sides, Sides], ...] = (
    ((3, 3), (2, 2)), ((3, 4), (2, 3)), ((4, 3), (3, 3)), ((2, 4), (2, 3)), ((4, 4), (3, 3)), ((2, 3), (2, 2)),
)  # fmt: skip
#: Where each stood at the end of earlier months, the latest first; a month without a place was not assessed.
EARLIER: tuple[tuple[Sides | None, ...], ...] = (
    ((3, 3), (3, 3), None, (2, 3)), ((2, 4), (2, 4), (3, 4), (3, 4)), ((4, 4), (4, 4), (4, 3), (3, 3)),
    ((2, 4), (3, 4), (3, 4), None), ((3, 4), (3, 4), (2, 4), (2, 4)), ((3, 2), None, (3, 2), None),
)  # fmt: skip
#: Risk, names, days from today by which it is due, state, what it changes; of the role that owns it.
DONE_ABOUT = (
    ("r2", ("Hankkeiden riippuvuudet käydään läpi kuukausittain", "Projektens beroenden gås igenom varje månad",
            "Links between projects are gone through each month"), -12, "going", "pmo",
     "Todennäköisyys laskee, kun viive nähdään ennen kuin se siirtyy."),
    ("r4", ("Varahenkilö nimetään jokaiselle projektipäällikölle", "Varje projektchef får en ersättare",
            "Each project manager gets a substitute"), 30, "going", "director",
     "Vaikutus pienenee: työ ei pysähdy yhteen poissaoloon."),
    ("r5", ("Kuntien kanssa sovitaan vuosikello", "Ett årshjul avtalas med kommunerna",
            "A yearly calendar is agreed with the municipalities"), -40, "done", "pmo",
     "Yllätykset vähenivät kevään aikana."),
)  # fmt: skip
#: Names, kind, now, after, how near, whether raised under risk 2 (True), alone (None) or not at all (False).
OF_PROJECTS = (
    (("Toimittajan käyttöönotto myöhästyy", "Leverantörens ibruktagande blir försenat",
      "The supplier's launch is late"), "threat", (4, 4), (3, 3), "3 kk", True),
    (("Avainosaaja siirtyy muihin tehtäviin", "En nyckelperson övergår till andra uppgifter",
      "A key person moves to other tasks"), "threat", (2, 3), (2, 2), "12 kk", False),
    (("Naapurialue ottaa saman ratkaisun ja jakaa kulut", "Grannområdet tar samma lösning och delar kostnaderna",
      "A neighbouring county takes the same solution and shares the cost"), "opportunity", (3, 4), (4, 4), "6 kk",
     None),
)  # fmt: skip


def write_risks(programme: Programme, today: date) -> None:
    """Once for a programme that has risks; `forget_risks` goes before."""
    risks = list(Risk.objects.filter(programme=programme, project=None).order_by("number"))
    if not risks:
        return
    rows = []
    for risk, ((now, after), before) in zip(risks, zip(LEVELS, EARLIER, strict=True), strict=False):
        day = today
        for place in before:
            day = month_before(day)
            if place is not None:
                rows.append(_assessment(risk, day, place, after))
        latest = _assessment(risk, today, now, after)
        latest.counts = counts_of(programme, risk.level_factors.all())
        rows.append(latest)
    RiskAssessment.objects.bulk_create(rows)
    _do_about(programme, {risk.key: risk for risk in risks}, today)
    _of_projects(programme, risks, today)


def forget_risks(programme: Programme) -> None:
    """Takes away what was written, and risks of projects with it."""
    for model in (RiskAssessment, Mitigation, Risk):
        model.objects.filter(programme=programme, is_illustrative=True).delete()


def _assessment(risk: Risk, day: date, now: Sides, after: Sides) -> RiskAssessment:
    return RiskAssessment(
        programme=risk.programme, risk=risk, assessed_on=day, is_illustrative=True,
        likelihood_now=now[0], impact_now=now[1], likelihood_after=after[0], impact_after=after[1],
        likelihood_target=max(1, after[0] - 1), impact_target=after[1],
    )  # fmt: skip


def _do_about(programme: Programme, risks: dict[str, Risk], today: date) -> None:
    people = {row.username: row for row in get_user_model().objects.filter(username__in=("pmo", "director"))}
    for number, (key, names, days, state, who, effect) in enumerate(DONE_ABOUT, 1):
        if key not in risks:
            continue
        due = today + timedelta(days=days)
        Mitigation.objects.create(
            programme=programme, risk=risks[key], key=f"{key}/demo/{number}", position=90 + number,
            name_fi=names[0], name_sv=names[1], name_en=names[2], owner=people.get(who), due_on=due, state=state,
            done_on=due - timedelta(days=3) if state == "done" else None, effect=effect, is_illustrative=True,
        )  # fmt: skip


def _of_projects(programme: Programme, risks: list[Risk], today: date) -> None:
    projects = Project.objects.filter(programme=programme, is_illustrative=True).order_by("slug")
    parent = next((risk for risk in risks if risk.key == "r2"), None)
    numbers = range(risks[-1].number + 1, risks[-1].number + 1 + len(OF_PROJECTS))
    for number, project, (names, kind, now, after, near, raised) in zip(
        numbers, projects, OF_PROJECTS, strict=False
    ):
        risk = Risk.objects.create(
            programme=programme, project=project, key=f"demo-{number}", number=number, kind=kind,
            name_fi=names[0], name_sv=names[1], name_en=names[2], proximity=near, owner=project.manager,
            category="Projektit", parent=parent if raised else None,
            raised_on=None if raised is False else month_before(today), is_illustrative=True,
        )  # fmt: skip
        for day, place in ((month_before(today), (max(1, now[0] - 1), now[1])), (today, now)):
            _assessment(risk, day, place, after).save()
