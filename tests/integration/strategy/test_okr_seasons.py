"""Seasons from their making to the archive: units set objectives, check in, close, learn and carry over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Notification, User
from programme.models import OrganisationUnit, Programme, Sector, Theme
from reporting.mywork import MyWork
from strategy.demo.okr import GOALS, write_okr
from strategy.models import (
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
from strategy.okr.making import move_objective, remove_result
from strategy.okr.reminding import remind_of_check_ins
from strategy.okr.selectors import Asked, current_season, season_page, way_up
from strategy.okr.services import (
    archive_season,
    carry_over,
    check_in,
    close_season,
    make_seasons,
    open_season,
    start_objective,
    turn_into_objective,
)
from strategy.okr.units import make_units
from tests.factories.accounts import make_member, make_programme
from tests.factories.loaded import address_of

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 22)


@pytest.fixture
def programme() -> Programme:
    return make_programme("sesonki")


@pytest.fixture
def spearhead(programme: Programme) -> Theme:
    return Theme.objects.create(programme=programme, key="k1", number=1, name_fi="Sujuvuus")


@pytest.fixture
def unit(programme: Programme) -> Unit:
    return make_unit(programme, "team", "tiimi")


@pytest.fixture
def member(programme: Programme, unit: Unit) -> User:
    """Somebody of the staff who is in the unit."""
    person = make_member(programme, "staff")
    UnitMember.objects.create(programme=programme, unit=unit, user=person, is_lead=True)
    return person


@pytest.fixture
def season(programme: Programme) -> Season:
    """The open season of the last months of 2026."""
    return open_season(season=make_seasons(programme=programme, year=2026, by=None)[2], by=None)


def make_unit(programme: Programme, level: str, key: str, **fields: Any) -> Unit:
    own = {"uses_okr_from": date(2024, 1, 1), "name_fi": key.capitalize()} | fields
    return Unit.objects.create(programme=programme, level=level, key=key, **own)


def make_goal(
    season: Season, unit: Unit, *, started: bool = True, results: int = 1, **fields: Any
) -> Objective:
    row = Objective.objects.create(
        programme=season.programme, season=season, unit=unit, **({"name_fi": "Jono lyhenee"} | fields)
    )
    for number in range(results):
        KeyResult.objects.create(
            programme=season.programme, objective=row, name_fi=f"Avaintulos {number}", position=number, start_value=0,
            target_value=10,
        )  # fmt: skip
    return start_objective(objective=row, by=None) if started else row


def at(name: str, programme: Programme, *words: Any) -> str:
    return address_of(name, programme.slug, *words)


def of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- seasons -------------------------------------------------------------------------------------------------


def test_three_seasons_a_year_open_close_and_are_archived(programme: Programme) -> None:
    first, second, third = make_seasons(programme=programme, year=2026, by=None)

    assert make_seasons(programme=programme, year=2026, by=None) == []
    assert (first.starts_on, third.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert current_season(programme, date(2026, 6, 1)) == second
    open_season(season=first, by=None)
    with pytest.raises(ValidationError):
        open_season(season=second, by=None)
    with pytest.raises(ValidationError):
        archive_season(season=first, by=None)
    closed = close_season(season=first, lessons="Opittiin.", on=date(2026, 4, 30), by=None)
    assert archive_season(season=closed, by=None).state == "archived"
    assert open_season(season=second, by=None).state == "open"


def test_seasons_of_another_length_are_not_made_over_those_that_are_there(programme: Programme) -> None:
    make_seasons(programme=programme, year=2026, by=None)
    SeasonCycle.objects.create(programme=programme, name_fi="Neljännes", length_months=3, seasons_per_year=4)
    answer = of(make_member(programme, "pmo")).post(at("strategy:season_make", programme, 2026), follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Season.objects.count() == 3


def test_the_cycle_gives_the_length(programme: Programme) -> None:
    SeasonCycle.objects.create(programme=programme, length_months=3, seasons_per_year=4, name_fi="Neljännes")

    assert [row.ends_on.month for row in make_seasons(programme=programme, year=2027, by=None)] == [
        3,
        6,
        9,
        12,
    ]


# --- objectives ----------------------------------------------------------------------------------------------


def test_a_member_makes_and_starts_an_objective_of_the_team(
    programme: Programme, unit: Unit, season: Season, member: User, spearhead: Theme
) -> None:
    client = of(member)
    url = at("strategy:okr_add", programme, season.pk, unit.pk)
    typed = {
        "name_fi": "Jono lyhenee", "spearhead": spearhead.pk, "owner": member.pk, "starts": "on", "kr1_name": "Odotus",
        "kr1_kind": "", "kr1_start": "14", "kr1_target": "7,5", "kr1_unit": "vrk", "kr2_name": "Malli sovittu",
        "kr2_kind": "yes_no",
    }  # fmt: skip

    assert client.post(url, typed).status_code == 302
    made = Objective.objects.get(unit=unit)
    assert (made.state, made.created_by, made.owner) == ("started", member, member)
    assert [(one.kind, one.target_value) for one in made.key_results.all()] == [
        ("number", Decimal("7.5")),
        ("yes_no", None),
    ]
    refused = client.post(url, typed | {"spearhead": ""})
    assert refused.status_code == 422 and "__all__" in refused.context["form"].errors
    refused = client.post(url, typed | {"kr1_name": "", "kr1_start": "", "kr1_target": "", "kr2_name": ""})
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {"kr1_name"}
    refused = client.post(url, typed | {"kr1_target": "14"})
    assert set(refused.context["form"].errors) == {"kr1_target"}
    # Others read it and change nothing.
    colleague = of(make_member(programme, "staff"))
    page = at("strategy:okr_detail", programme, made.pk)
    assert colleague.get(page).status_code == 200
    assert colleague.post(url, typed).status_code == 403
    assert colleague.get(at("strategy:okr_edit", programme, made.pk)).status_code == 403


def test_without_a_key_result_nothing_starts(
    unit: Unit, season: Season, member: User, spearhead: Theme
) -> None:
    draft = make_goal(season, unit, started=False, results=0, spearhead=spearhead)

    answer = of(member).post(at("strategy:okr_start", season.programme, draft.pk))
    assert answer.status_code == 422
    assert answer.context["problem"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Objective.objects.filter(pk=draft.pk).update(state="started")
    assert not Objective.objects.get(pk=draft.pk).key_results.exists()


def test_okr_is_turned_on_unit_by_unit(
    programme: Programme, unit: Unit, season: Season, member: User, spearhead: Theme
) -> None:
    Unit.objects.filter(pk=unit.pk).update(uses_okr_from=None)
    url = at("strategy:okr_add", programme, season.pk, unit.pk)
    typed = {"name_fi": "Jono", "spearhead": spearhead.pk, "kr1_name": "Odotus", "kr1_kind": "yes_no"}

    assert of(member).post(url, typed).status_code == 422
    Unit.objects.filter(pk=unit.pk).update(uses_okr_from=date(2026, 12, 1))
    assert of(member).post(url, typed).status_code == 302
    assert Objective.objects.get(unit=unit).state == "draft"


def test_objectives_change_places_and_followed_results_stay(
    unit: Unit, season: Season, spearhead: Theme
) -> None:
    first, second = (
        make_goal(season, unit, spearhead=spearhead, results=2, position=place) for place in (1, 2)
    )

    move_objective(objective=second, up=True, by=None)
    assert list(Objective.objects.filter(unit=unit).order_by("position")) == [second, first]
    followed, other = first.key_results.all()
    check_in(key_result=followed, on=ON, confidence="high", value=Decimal(1), by=None)
    with pytest.raises(ValidationError):
        remove_result(key_result=followed, by=None)
    remove_result(key_result=other, by=None)
    assert list(first.key_results.all()) == [followed]


# --- check-ins -----------------------------------------------------------------------------------------------


def test_a_check_in_takes_a_value_and_a_confidence(
    programme: Programme, unit: Unit, season: Season, member: User, spearhead: Theme
) -> None:
    goal = make_goal(season, unit, spearhead=spearhead)
    result = goal.key_results.get()
    client = of(member)
    url = at("strategy:check_in", programme, result.pk)

    assert set(client.post(url, {}).context["form"].errors) == {"value", "confidence"}
    assert client.post(url, {"value": "2,5", "confidence": "low", "comment": "Kesken"}).status_code == 302
    said = CheckIn.objects.get()
    assert (said.value, said.confidence, said.created_by, said.checked_on) == (
        Decimal("2.5"), "low", member, timezone.localdate(),
    )  # fmt: skip
    page = client.get(at("strategy:okr_detail", programme, goal.pk))
    assert page.context["row"].progress == Decimal("0.25")
    assert of(make_member(programme, "staff")).get(url).status_code == 403


# --- closing -------------------------------------------------------------------------------------------------


def test_a_season_closes_with_ends_scores_and_lessons(
    programme: Programme, unit: Unit, season: Season, spearhead: Theme
) -> None:
    goal = make_goal(season, unit, spearhead=spearhead, results=2)
    draft = make_goal(season, unit, started=False, results=0, spearhead=spearhead)
    half, whole = goal.key_results.all()
    check_in(key_result=half, on=ON, confidence="medium", value=Decimal(5), by=None)
    office = of(make_member(programme))
    close = at("strategy:season_close", programme, season.pk)

    page = office.get(close)
    assert [row.pk for row in page.context["missing"]] == [half.pk, whole.pk]
    assert office.post(close, {"lessons": "Opittiin"}).status_code == 422
    end = at("strategy:result_end", programme, half.pk)
    form = office.get(end).context["form"]
    assert (form["score"].value(), form["final_value"].value()) == ("0,5", "5")
    shown = {"was": form["was"].value(), "token": form["token"].value()}
    answer = office.post(end, shown | {"final_value": "5", "score": "0,6", "final_comment": "Puolimatkassa"})
    assert answer.status_code == 302
    KeyResult.objects.filter(pk=whole.pk).update(final_value=10, score=1, final_comment="Valmis")
    assert office.post(close, {"lessons": "Opittiin"}).status_code == 302
    goal.refresh_from_db()
    draft.refresh_from_db()
    assert (goal.state, goal.score, draft.state) == ("closed", Decimal("0.80"), "dropped")
    # Carried over once, from where it ended, without what was reached.
    client = of(make_member(programme))
    carry = at("strategy:okr_carry", programme, goal.pk)
    assert client.post(carry).status_code == 422  # no later season
    later = make_seasons(programme=programme, year=2027, by=None)[0]
    assert client.post(carry).status_code == 302
    assert client.post(carry).status_code == 422
    copy = Objective.objects.get(carried_from=goal)
    assert (copy.season, copy.state, copy.spearhead) == (later, "draft", spearhead)
    carried = copy.key_results.get()
    assert (carried.carried_from, carried.start_value, carried.target_value) == (
        half,
        Decimal(5),
        Decimal(10),
    )


def test_what_only_served_another_objective_keeps_its_way_when_carried(
    programme: Programme, unit: Unit, season: Season, spearhead: Theme
) -> None:
    above = make_goal(season, make_unit(programme, "county", "alue"), spearhead=spearhead)
    goal = make_goal(season, unit, parent=above)
    KeyResult.objects.update(final_value=2, score=Decimal("0.2"), final_comment="Kesken")
    close_season(season=season, lessons="", on=ON, by=None)
    later = make_seasons(programme=programme, year=2027, by=None)[0]
    goal.refresh_from_db()

    copy = carry_over(objective=goal, to=later, by=None)
    assert (copy.parent, copy.spearhead) == (None, spearhead)


# --- pages ---------------------------------------------------------------------------------------------------


def test_the_season_is_read_by_level_unit_and_link(
    programme: Programme, unit: Unit, season: Season, spearhead: Theme, django_assert_num_queries: Any
) -> None:
    county = make_unit(programme, "county", "alue", position=0)
    sector = make_unit(programme, "sector", "terveys", parent=county)
    Unit.objects.filter(pk=unit.pk).update(parent=sector)
    line = MainLine.objects.create(programme=programme, number=1, name_fi="Lähellä")
    top = make_goal(season, county, spearhead=spearhead)
    middle = make_goal(season, sector, main_line=line)
    low = make_goal(season, unit, parent=top)
    check_in(key_result=low.key_results.get(), on=ON, confidence="low", value=Decimal(5), by=None)

    def read(**asked: Any) -> Any:
        return season_page(season, Asked(**asked), today=ON, after_days=21)

    with django_assert_num_queries(3):
        page = read()
    assert [(row.row.key, row.depth) for row in page.tree] == [("alue", 0), ("terveys", 1), ("tiimi", 2)]
    assert page.counts == {"objectives": 3, "drafts": 0, "results": 3, "low": 1, "stale": 2}
    assert [step.row for step in way_up(low)] == [top, spearhead]
    assert [one.row for one, _result in page.dangers] == [low]

    def found(**asked: Any) -> list[Objective]:
        return [one.row for one in read(**asked).objectives]

    assert found(level="sector") == [middle]
    assert found(unit=sector.pk) == [middle, low]
    assert found(link=f"line:{line.pk}") == [middle]
    assert found(link=f"spearhead:{spearhead.pk}") == [top, low]


def test_every_employee_reads_and_the_other_county_sees_nothing(
    programme: Programme, unit: Unit, season: Season, spearhead: Theme
) -> None:
    goal = make_goal(season, unit, spearhead=spearhead, name_fi="Näkyvä tavoite")
    pages = [
        at("strategy:season_list", programme) + "?level=team&unit=x&link=y:1",
        at("strategy:season_detail", programme, season.pk),
        at("strategy:season_board", programme, season.pk),
        at("strategy:unit_detail", programme, unit.pk),
        at("strategy:okr_detail", programme, goal.pk),
    ]
    staff, stranger = of(make_member(programme, "staff")), of(make_member(make_programme("muu"), "pmo"))

    answers = [staff.get(page) for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    assert all("Näkyvä tavoite" in answer.content.decode() for answer in answers)
    assert {stranger.get(page).status_code for page in pages} == {404}


def test_units_come_from_the_programme_in_one_step(programme: Programme) -> None:
    sector = Sector.objects.create(programme=programme, key="tespa", name_fi="Terveyspalvelut")
    OrganisationUnit.objects.create(programme=programme, key="avo", name_fi="Avosairaanhoito", sector=sector)

    made = make_units(programme=programme, by=None)
    assert [(unit.level, unit.parent and unit.parent.level) for unit in made] == [
        ("county", None), ("sector", "county"), ("unit", "sector"),
    ]  # fmt: skip
    assert make_units(programme=programme, by=None) == []


def test_a_line_of_the_action_plan_turns_into_an_objective(
    unit: Unit, season: Season, spearhead: Theme
) -> None:
    item = PlanItem.objects.create(programme=season.programme, unit=unit, name_fi="Ohjeet koottava")

    made = turn_into_objective(item=item, season=season, unit=unit, links={"spearhead": spearhead}, by=None)
    item.refresh_from_db()
    assert (made.state, made.name_fi, item.state, item.objective) == (
        "draft",
        "Ohjeet koottava",
        "turned",
        made,
    )
    with pytest.raises(ValidationError):
        turn_into_objective(item=item, season=season, unit=unit, links={"spearhead": spearhead}, by=None)


def test_a_line_turns_only_where_the_unit_uses_okr_by_then(
    programme: Programme, unit: Unit, season: Season, spearhead: Theme
) -> None:
    item = PlanItem.objects.create(programme=programme, unit=unit, name_fi="Ohjeet koottava")
    Unit.objects.filter(pk=unit.pk).update(uses_okr_from=date(2027, 5, 1))
    sent = {"season": season.pk, "unit": unit.pk, "spearhead": spearhead.pk}
    answer = of(make_member(programme, "pmo")).post(at("strategy:plan_turn", programme, item.pk), sent)
    assert answer.status_code == 422
    assert not Objective.objects.exists()


def test_development_work_has_a_state(programme: Programme) -> None:
    office = of(make_member(programme))
    url = at("strategy:plan_add", programme)
    typed = {"name_fi": "Laatujärjestelmä", "kind": "development", "state": "going"}

    assert office.post(url, typed | {"state": "turned"}).status_code == 422
    assert office.post(url, typed).status_code == 302
    page = of(make_member(programme, "staff")).get(at("strategy:plan_list", programme))
    assert [(row.name_fi, row.state) for row, _shape in page.context["development"]] == [
        ("Laatujärjestelmä", "going")
    ]


# --- waiting -------------------------------------------------------------------------------------------------


def test_people_are_reminded_once_a_week_and_find_it_in_their_work(
    programme: Programme, unit: Unit, member: User, spearhead: Theme
) -> None:
    today = timezone.localdate()
    season = Season.objects.create(
        programme=programme,
        year=2020,
        number=1,
        starts_on=today - timedelta(days=60),
        ends_on=today,
        state="open",
    )
    result = make_goal(season, unit, spearhead=spearhead).key_results.get()

    assert remind_of_check_ins(today=today) == 1
    assert remind_of_check_ins(today=today) == 0
    assert remind_of_check_ins(today=today + timedelta(days=7)) == 1
    told = Notification.objects.filter(user=member).first()
    assert told is not None and told.params == {"count": 1}
    groups = {group.key: group for group in MyWork(member, [programme]).groups}
    assert [task.title for task in groups["check_ins"].tasks] == [result.name]
    check_in(key_result=result, on=today, confidence="high", value=Decimal(1), by=member)
    assert remind_of_check_ins(today=today + timedelta(days=14)) == 0
    assert MyWork(member, [programme]).groups == []


def test_the_demonstration_is_written_once(programme: Programme, spearhead: Theme) -> None:
    assert write_okr(programme) == 0  # it does not work in seasons
    SeasonCycle.objects.create(programme=programme, length_months=4, seasons_per_year=3, name_fi="Sesonki")

    assert write_okr(programme, today=date(2027, 1, 31)) == len(GOALS)
    assert write_okr(programme, today=date(2027, 1, 31)) == 0
    assert sorted(Season.objects.values_list("year", "state")) == [
        (2026, "archived"), (2026, "archived"), (2026, "closed"), (2027, "open"), (2027, "planned"), (2027, "planned"),
    ]  # fmt: skip
    assert not Objective.objects.filter(is_illustrative=False).exists()
