"""Illustrative units, seasons of the year, objectives with check-ins, and lines of the action plan.

Nothing here comes from the county: rows are marked so. Written once for a programme; what people change afterwards
stays.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from core.history import own_context
from core.models import Setting
from programme.models import Programme, Theme
from strategy.models import (
    AnnualObjective,
    CheckIn,
    KeyResult,
    MainLine,
    Objective,
    PlanItem,
    Season,
    SeasonCycle,
    Unit,
    UnitMember,
)
from strategy.okr.services import carry_over, close_season, make_seasons, open_season

SETTING = "okr_demo"
REASON = "illustrative seasons"
LESSONS = (
    "Havainnollistava: liian monta tavoitetta yhdelle yksikölle. Seuraavalla sesongilla enintään kolme, ja avaintulos "
    "sovitaan ennen kuin työ alkaa."
)


class Said(NamedTuple):
    """A check-in: days before the season's day, value (1 and 0 for done and not), how sure, a comment."""

    days: int
    value: str
    confidence: str
    comment: str = ""


class Result(NamedTuple):
    name: str
    start: str | None  # None: yes or no
    target: str
    unit: str
    said: tuple[Said, ...]


class Goal(NamedTuple):
    """An objective: unit, name, what it serves ("annual 1", "spearhead 1", "line 1", "above"), its key results."""

    unit: str
    name: str
    serves: str
    results: tuple[Result, ...]
    is_draft: bool = False


#: Key, name, level, key of the unit above, whether it uses OKR.
UNITS = (
    ("county", "Etelä-Karjalan hyvinvointialue", "county", "", True),
    ("perhe-sosiaali", "Perhe- ja sosiaalipalvelut", "sector", "county", True),
    ("terveys", "Terveyspalvelut", "sector", "county", True),
    ("avosairaanhoito", "Avosairaanhoito", "unit", "terveys", True),
    ("omatiimi-1", "Omatiimi 1", "team", "avosairaanhoito", True),
    ("pelastus", "Pelastustoimi", "sector", "county", False),
)
GOALS = (
    Goal(
        "county", "Palvelut sujuvat ilman turhaa odotusta", "annual 7 spearhead 1",
        (
            Result("Kiireettömän hoidon odotusaika lyhenee", "14", "7", "vrk",
                   (Said(58, "13", "medium"), Said(30, "11", "medium"), Said(6, "9.5", "high", "Omatiimit auttavat"))),
            Result("Uusintakäyntien osuus laskee", "18", "14", "%", (Said(40, "17.5", "low"), Said(9, "17", "low",
                   "Tiedonkeruu on vasta alkanut"))),
        ),
    ),
    Goal(
        "county", "Onnellisimmat työntekijät", "spearhead 3 annual 1",
        (
            Result("Pulssikyselyyn vastaa yhä useampi", "41", "60", "%",
                   (Said(50, "45", "medium"), Said(12, "52", "high"))),
            Result("Esihenkilöiden valmennus alkanut", None, "", "", (Said(12, "1", "high"),)),
        ),
    ),
    Goal(
        "perhe-sosiaali", "Perheet saavat apua ensimmäisestä yhteydenotosta", "annual 4 line 1",
        (
            Result("Perhekeskuksen yhteydenotoista vastattu kolmessa päivässä", "55", "90", "%",
                   (Said(44, "63", "medium"), Said(8, "78", "high"))),
            Result("Kouluille sovittu yhteinen toimintamalli", None, "", "", (Said(35, "0", "medium"),)),
        ),
    ),
    Goal(
        "perhe-sosiaali", "Matalan kynnyksen päivätoiminta vakiintuu", "annual 5",
        (Result("Kävijöitä viikossa", "30", "80", "asiakasta", (Said(50, "38", "medium"), Said(29, "41", "low",
                "Tilat eivät riitä"))),),
    ),
    Goal(
        "terveys", "Hoitotakuu toteutuu joka viikko", "annual 7 above",
        (
            Result("Ajan saa seitsemässä päivässä", "72", "95", "%",
                   (Said(55, "75", "medium"), Said(27, "82", "medium"), Said(5, "88", "high"))),
            Result("Suun terveydenhuollon jono puolittuu", "1800", "900", "asiakasta", (Said(40, "1650", "low"),)),
        ),
    ),
    Goal(
        "terveys", "Liikunta- ja elintapaohjaus osaksi vastaanottoa", "annual 8 spearhead 2",
        (Result("Lähetteitä elintapaohjaukseen", "310", "520", "kpl",
                (Said(33, "368", "medium"), Said(11, "421", "high"))),),
    ),
    Goal(
        "avosairaanhoito", "Paljon palveluja käyttävillä on oma tiimi", "annual 7 above",
        (
            Result("Asukkaista kuuluu omatiimiin", "40", "70", "%",
                   (Said(52, "46", "medium"), Said(10, "58", "medium"))),
            Result("Vaikuttavuuden seuranta otettu käyttöön", None, "", "", ()),
        ),
    ),
    Goal(
        "avosairaanhoito", "Etävastaanotto toimii iltaisin", "line 2",
        (Result("Iltavastaanottoja viikossa", "0", "6", "kpl", ()),), is_draft=True,
    ),
    Goal(
        "omatiimi-1", "Sama ammattilainen hoitaa alusta loppuun", "above",
        (
            Result("Jatkuvuusindeksi nousee", "0.35", "0.5", "",
                   (Said(48, "0.37", "medium"), Said(7, "0.43", "high"))),
            Result("Hoitosuunnitelma tehty sovitusti", "20", "60", "kpl",
                   (Said(31, "34", "medium"), Said(4, "51", "high"))),
        ),
    ),
    Goal(
        "omatiimi-1", "Arjen parantamistaulu on käytössä joka viikko", "spearhead 1",
        (Result("Kokeiltuja parannuksia", "0", "12", "kpl", (Said(45, "3", "high"), Said(3, "8", "high"))),),
    ),
)  # fmt: skip
#: The season before, closed: final value and score of each key result.
EARLIER = (
    (Goal("county", "Yhteinen tapa sopia kiireettömästä ajasta", "annual 7", (
        Result("Yksiköitä mukana", "2", "10", "kpl", (Said(20, "7", "medium"),)),)), ("8", "0.75")),
    (Goal("omatiimi-1", "Tiimi löytää työtapansa", "spearhead 1", (
        Result("Tiimin viikkopalaveri vakiintunut", None, "", "", (Said(25, "1", "high"),)),)), ("1", "1")),
)  # fmt: skip
#: Kind, unit, name, state, days until it is due, note.
PLANS = (
    ("action_plan", "pelastus", "Valmiusajan seuranta yhdenmukaistetaan", "going", 40, ""),
    ("action_plan", "pelastus", "Sopimuspalokuntien koulutusohjelma uusitaan", "open", 120, ""),
    ("action_plan", "pelastus", "Turvallisuusviestinnän vuosikello laaditaan", "done", -30, ""),
    ("action_plan", "perhe-sosiaali", "Omais- ja perhehoidon ohjeet kootaan yhteen", "open", 60, ""),
    ("development", "", "Asiakaskokemuksen johtamismalli otetaan käyttöön", "going", 90, "Mittarit valittu"),
    ("development", "", "Laadunhallinta kohti standardoitua laatujärjestelmää", "open", 200, ""),
)  # fmt: skip


def write_okr(programme: Programme, *, today: date | None = None) -> int:
    """Writes the illustrative rows once for a programme that works in seasons; how many objectives."""
    kept = Setting.objects.filter(scope=programme.slug, key=SETTING)
    if kept.exists() or not SeasonCycle.objects.filter(programme=programme).exists():
        return 0
    if (
        Season.objects.filter(programme=programme).exists()
        or Unit.objects.filter(programme=programme).exists()
    ):
        return 0
    day = today or timezone.localdate()
    by = (
        get_user_model()
        .objects.filter(grants__programme=programme, grants__role="pmo")
        .order_by("pk")
        .first()
    )
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=REASON):
        Setting.objects.create(
            scope=programme.slug, key=SETTING, value=True, valid_from=date(2023, 1, 1), reason=REASON
        )
        writer = _Writer(programme, by, day)
        return writer.write()


class _Writer:
    """Writes the rows of one programme as of one day."""

    def __init__(self, programme: Programme, by: Any, day: date) -> None:
        self.programme, self.by, self.day = programme, by, day
        self.units: dict[str, Unit] = {}
        self.above: dict[str, Objective] = {}

    def write(self) -> int:
        self._units()
        seasons = make_seasons(programme=self.programme, year=self.day.year, by=self.by)
        now = next(row for row in seasons if row.starts_on <= self.day <= row.ends_on)
        if now == seasons[0]:
            seasons = [*make_seasons(programme=self.programme, year=self.day.year - 1, by=self.by), *seasons]
        Season.objects.filter(pk__in=[row.pk for row in seasons]).update(is_illustrative=True)
        before = [row for row in seasons if row.ends_on < now.starts_on]
        unfinished = self._earlier(before[-1])
        for row in before[:-1]:
            Season.objects.filter(pk=row.pk).update(state=Season.State.ARCHIVED, closed_on=row.ends_on)
        now = open_season(season=now, by=self.by)
        if unfinished is not None:
            carry_over(objective=unfinished, to=now, by=self.by)
        for place, goal in enumerate(GOALS, start=1):
            self._objective(now, goal, place)
        self._plans()
        return len(GOALS)

    def _units(self) -> None:
        for place, (key, name, level, above, uses) in enumerate(UNITS, start=1):
            unit = Unit.objects.create(
                programme=self.programme, key=key, name_fi=name, level=level, position=place,
                parent=self.units.get(above), uses_okr_from=date(2024, 1, 1) if uses else None, is_illustrative=True,
            )  # fmt: skip
            self.units[key] = unit
            if self.by is not None and key in ("county", "omatiimi-1"):
                UnitMember.objects.create(programme=self.programme, unit=unit, user=self.by, is_lead=True)

    def _earlier(self, season: Season) -> Objective | None:
        """The season before with its scores; an objective that did not reach its end."""
        open_season(season=season, by=self.by)
        made = []
        for place, (goal, (final, score)) in enumerate(EARLIER, start=1):
            row = self._objective(season, goal, place, day=season.ends_on)
            row.key_results.update(
                final_value=Decimal(final), score=Decimal(score), final_comment="Havainnollistava loppuarvio"
            )
            made.append(row)
        close_season(season=season, lessons=LESSONS, on=season.ends_on, by=self.by)
        return Objective.objects.filter(pk__in=[row.pk for row in made], score__lt=1).first()

    def _objective(self, season: Season, goal: Goal, place: int, *, day: date | None = None) -> Objective:
        unit = self.units[goal.unit]
        row = Objective.objects.create(
            programme=self.programme, season=season, unit=unit, name_fi=goal.name, position=place, owner=self.by,
            is_illustrative=True, created_by=self.by, **self._links(goal, unit),
        )  # fmt: skip
        for at, result in enumerate(goal.results, start=1):
            self._result(row, result, at, day or self.day, season)
        if not goal.is_draft:
            Objective.objects.filter(pk=row.pk).update(state=Objective.State.STARTED)
        row.refresh_from_db()
        self.above.setdefault(goal.unit, row)
        return row

    def _links(self, goal: Goal, unit: Unit) -> dict[str, Any]:
        """What in the strategy the objective serves; where the programme lacks it, its first theme."""
        words = goal.serves.split()
        found: dict[str, Any] = {}
        for word, number in zip(words, [*words[1:], ""], strict=True):
            if word == "annual":
                found["annual_objective"] = self._numbered(AnnualObjective, number)
            elif word == "spearhead":
                found["spearhead"] = self._numbered(Theme, number)
            elif word == "line":
                found["main_line"] = self._numbered(MainLine, number)
            elif word == "above":
                found["parent"] = self.above.get(unit.parent.key) if unit.parent else None
        if not any(found.values()):
            found["spearhead"] = Theme.objects.filter(programme=self.programme).order_by("number").first()
        return found

    def _numbered(self, model: Any, number: str) -> Any:
        return model.objects.filter(programme=self.programme, number=int(number)).first()

    def _result(self, row: Objective, result: Result, at: int, day: date, season: Season) -> None:
        is_number = result.start is not None
        made = KeyResult.objects.create(
            programme=self.programme, objective=row, name_fi=result.name, position=at, unit=result.unit,
            owner=row.owner,
            kind=KeyResult.Kind.NUMBER if is_number else KeyResult.Kind.YES_NO,
            start_value=Decimal(result.start) if result.start else None,
            target_value=Decimal(result.target) if is_number else None,
        )  # fmt: skip
        CheckIn.objects.bulk_create(
            CheckIn(
                programme=self.programme, key_result=made,
                checked_on=max(day - timedelta(days=said.days), season.starts_on),
                value=Decimal(said.value) if is_number else None,
                is_done=None if is_number else said.value == "1",
                confidence=said.confidence, comment=said.comment, created_by=self.by,
            )
            for said in result.said
        )  # fmt: skip

    def _plans(self) -> None:
        for place, (kind, unit, name, state, days, note) in enumerate(PLANS, start=1):
            PlanItem.objects.create(
                programme=self.programme, kind=kind, unit=self.units.get(unit), name_fi=name, state=state,
                position=place,
                due_on=self.day + timedelta(days=days), note=note, owner=self.by, is_illustrative=True,
            )  # fmt: skip
