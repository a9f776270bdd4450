"""The list: sorted by money, read in few statements, many rows changed at once."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import limits
from core.models import SavedView
from measures.filters import MeasureFilter
from measures.models import Measure
from measures.reach import reach
from measures.selectors import measure_levels
from programme.models import LinkedInitiative, Project, Segment
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_ground, make_line, make_measure
from tests.golden import Golden

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def codes_of(html: bytes) -> list[str]:
    return re.findall(r'<span class="measure-code">([^<]+)</span>', html.decode())


# --- order --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["plan", "forecast", "claimed", "confirmed"])
@pytest.mark.parametrize("direction", ["", "-"])
def test_sorted_by_money_as_the_list_shows_it(golden: Golden, level: str, direction: str) -> None:
    client = signed_in(make_member(golden.programme))
    rows = list(Measure.objects.filter(programme=golden.programme))
    levels = measure_levels([row.pk for row in rows], golden.programme)
    cents = {row.code: getattr(levels[row.pk], level) for row in rows}
    known = sorted((code for code in cents if cents[code] is not None), key=lambda code: (cents[code], code))
    unknown = sorted(code for code in cents if cents[code] is None)

    shown = codes_of(client.get(f"/p/esimerkki/measures/?sort={direction}{level}").content)

    assert [cents[code] for code in shown] == [
        cents[code] for code in [*(reversed(known) if direction else known), *unknown]
    ]


def test_a_filter_picks_from_the_order(golden: Golden) -> None:
    client = signed_in(make_member(golden.programme))
    whole = codes_of(client.get("/p/esimerkki/measures/?sort=plan").content)

    some = codes_of(client.get("/p/esimerkki/measures/?sort=plan&theme=x").content)

    assert some == [code for code in whole if code in {"E1", "E3", "E5"}]


def test_the_order_by_money_follows_the_data(golden: Golden) -> None:
    client = signed_in(make_member(golden.programme))
    client.get("/p/esimerkki/measures/?sort=plan")
    line = golden.measures["E3"].lines.get()
    line.entries.filter(series="plan").update(amount_eur_cents=-900_000_000_00)

    assert codes_of(client.get("/p/esimerkki/measures/?sort=plan").content)[0] == "E3"


def test_headings_sort_and_say_so(golden: Golden) -> None:
    html = (
        signed_in(make_member(golden.programme))
        .get("/p/esimerkki/measures/?sort=-stage&theme=x")
        .content.decode()
    )

    assert html.count("aria-sort=") == 1
    assert re.search(r'aria-sort="descending"><a class="sort" href="\?sort=stage&amp;theme=x"', html)


@pytest.mark.parametrize("role", ["pmo", "measure", "theme", "auditor"])
@pytest.mark.parametrize(
    "query", ["", "sort=plan", "sort=-claimed&theme=digi", "q=M", "sort=owner&owner=none", "view=1"]
)
def test_ten_statements_whatever_is_asked(role: str, query: str) -> None:
    ground = make_ground()
    scope = {"theme": ground.goals[0].theme} if role == "theme" else {}
    client = signed_in(make_member(ground.programme, role, **scope))
    for number in range(8):
        make_line(make_measure(ground, f"M-{number}"), ground)
    client.get(f"/p/koe/measures/?{query}")

    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/p/koe/measures/?{query}").status_code == 200

    # The session comes from the cache, as in the bench; once a minute a request notes that it is in use.
    statements = [one["sql"] for one in asked if not re.search("django_session|SAVEPOINT", one["sql"])]
    assert len(statements) <= 10, "\n".join(sql[:110] for sql in statements)


# --- filters of other pages' links -----------------------------------------------------------------------------------


def test_measures_of_a_project_and_of_a_linked_project() -> None:
    ground = make_ground()
    project = Project.objects.create(programme=ground.programme, slug="hanke", name_fi="Hanke")
    linked = LinkedInitiative.objects.create(programme=ground.programme, key="ict", name_fi="ICT-hanke")
    make_measure(ground, "A", project=project)
    make_measure(ground, "B", linked_initiative=linked)
    client = signed_in(make_member(ground.programme))

    assert codes_of(client.get("/p/koe/measures/?project=hanke").content) == ["A"]
    assert codes_of(client.get("/p/koe/measures/?initiative=ict").content) == ["B"]


def test_a_saved_view_is_chosen_and_marked_when_changed() -> None:
    ground = make_ground()
    me = make_member(ground.programme)
    view = SavedView.objects.create(
        programme=ground.programme, user=me, page="measures:measure_list", name="Omat", query="stage=planned"
    )
    client = signed_in(me)

    as_saved = client.get(f"/p/koe/measures/?stage=planned&view={view.pk}").context["listing"]
    changed = client.get(f"/p/koe/measures/?stage=decided&view={view.pk}").context["listing"]

    assert (as_saved.chosen.view, as_saved.is_changed) == (view, False)
    assert changed.is_changed


# --- whose rows may be edited ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["pmo", "theme", "sector", "segment", "project", "measure", "auditor"])
def test_the_list_and_the_row_agree_on_who_may_edit(role: str) -> None:
    from core.permissions import can

    ground = make_ground()
    segment = Segment.objects.create(programme=ground.programme, key="s", name_fi="s")
    project = Project.objects.create(programme=ground.programme, slug="p", name_fi="p")
    scopes = {
        "theme": {"theme": ground.goals[0].theme}, "sector": {"sector": ground.sectors[0]},
        "segment": {"segment": segment}, "project": {"project": project},
    }  # fmt: skip
    person = make_member(ground.programme, role, **scopes.get(role, {}))
    make_measure(ground, "THEME")
    make_line(make_measure(ground, "SECTOR", goal=ground.goals[1]), ground)
    make_measure(ground, "SEGMENT", goal=ground.goals[1]).segments.add(
        segment, through_defaults={"programme": ground.programme}
    )
    make_measure(ground, "PROJECT", goal=ground.goals[1], project=project)
    make_measure(ground, "OWN", goal=ground.goals[1], owner=person)

    of_list = set(
        Measure.objects.filter(reach(person, "measure.edit", ground.programme)).values_list("code", flat=True)
    )

    assert of_list == {row.code for row in Measure.objects.all() if can(person, "measure.edit", row)}


# --- many at once -----------------------------------------------------------------------------------------------


@pytest.fixture
def ground() -> Ground:
    found = make_ground()
    for number in range(1, 6):
        make_measure(found, f"M-{number}", starts_on=date(2024, number, 1))
    return found


@pytest.fixture
def pmo(ground: Ground) -> Client:
    return signed_in(make_member(ground.programme))


def pk(code: str) -> int:
    return Measure.objects.get(code=code).pk


def chosen(*codes: str) -> str:
    return "/p/koe/measures/bulk/?" + "&".join(f"row={pk(code)}" for code in codes)


def test_a_preview_changes_nothing_and_says_what_would(ground: Ground, pmo: Client) -> None:
    answer = pmo.post(chosen("M-1", "M-2"), {"starts_on": "1.2.2024", "reason": "Aikataulu"})

    assert answer.status_code == 200
    assert [line.measure.code for line in answer.context["lines"]] == ["M-1"]
    assert answer.context["same"] == 1
    assert [(move.before, move.after) for move in answer.context["lines"][0].moves] == [
        ("1.1.2024", "1.2.2024")
    ]
    assert Measure.objects.get(code="M-1").starts_on == date(2024, 1, 1)


def test_a_plan_is_carried_out_once_with_its_reason(ground: Ground, pmo: Client) -> None:
    owner = make_member(ground.programme, "measure")
    segment = Segment.objects.create(programme=ground.programme, key="lapset", name_fi="Lapset")
    project = Project.objects.create(programme=ground.programme, slug="p", name_fi="p")
    asked = {
        "owner": owner.pk, "project": project.pk, "goal": ground.goals[1].pk, "confidence_of_owner": "high",
        "ends_on": "31.12.2025", "add_segments": [segment.pk], "reason": "Uusi vastuunjako",
    }  # fmt: skip
    url = chosen("M-1", "M-2", "M-3")
    plan = pmo.post(url, asked).context["plan"]

    answers = [pmo.post(url, {"plan": plan}) for _time in range(2)]

    rows = Measure.objects.filter(owner=owner).order_by("code")
    assert [answer["Location"] for answer in answers] == ["/p/koe/measures/"] * 2
    assert [(row.code, row.version) for row in rows] == [("M-1", 2), ("M-2", 2), ("M-3", 2)]
    assert {(row.project, row.goal, row.ends_on, row.confidence_of_owner) for row in rows} == {
        (project, ground.goals[1], date(2025, 12, 31), "high")
    }
    assert [list(row.segments.all()) for row in rows] == [[segment]] * 3
    assert rows[0].events.latest("pgh_id").pgh_context.metadata["reason"] == "Uusi vastuunjako"


def test_a_row_changed_meanwhile_is_named_and_not_overwritten(ground: Ground, pmo: Client) -> None:
    url = chosen("M-1", "M-2")
    plan = pmo.post(url, {"ends_on": "31.12.2025", "reason": "Aikataulu"}).context["plan"]
    Measure.objects.filter(code="M-1").update(ends_on=date(2024, 6, 30))

    answer = pmo.post(url, {"plan": plan})

    assert answer.status_code == 409
    assert [row.code for row, _why in answer.context["outcome"].left] == ["M-1"]
    assert dict(Measure.objects.filter(code__in=["M-1", "M-2"]).values_list("code", "ends_on")) == {
        "M-1": date(2024, 6, 30), "M-2": date(2025, 12, 31),
    }  # fmt: skip


def test_a_row_that_would_end_before_it_starts_is_left(ground: Ground, pmo: Client) -> None:
    url = chosen("M-1", "M-4")

    page = pmo.post(url, {"ends_on": "31.3.2024", "reason": "Aikataulu"})
    pmo.post(url, {"plan": page.context["plan"]})

    assert [line.measure.code for line in page.context["unable"]] == ["M-4"]
    assert dict(Measure.objects.filter(ends_on__isnull=False).values_list("code", "ends_on")) == {
        "M-1": date(2024, 3, 31)
    }


def test_all_rows_of_a_filter_and_back_to_it(ground: Ground, pmo: Client) -> None:
    Measure.objects.filter(code__in=["M-1", "M-5"]).update(stage="planned")
    url = "/p/koe/measures/bulk/?all=1&stage=planned&sort=-code"

    page = pmo.post(url, {"confidence_of_owner": "low", "reason": "Aikataulu"})
    done = pmo.post(url, {"plan": page.context["plan"]})

    assert done["Location"] == "/p/koe/measures/?sort=-code&stage=planned"
    assert set(Measure.objects.filter(confidence_of_owner="low").values_list("code", flat=True)) == {
        "M-1",
        "M-5",
    }


def test_values_and_links_can_be_taken_away(ground: Ground, pmo: Client) -> None:
    segment = Segment.objects.create(programme=ground.programme, key="lapset", name_fi="Lapset")
    first = Measure.objects.get(code="M-1")
    first.segments.add(segment, through_defaults={"programme": ground.programme})
    Measure.objects.filter(code="M-1").update(owner=make_member(ground.programme))
    url = chosen("M-1")

    plan = pmo.post(url, {"owner": "-", "remove_segments": [segment.pk], "reason": "Aikataulu"}).context[
        "plan"
    ]
    pmo.post(url, {"plan": plan})

    first.refresh_from_db()
    assert first.owner is None and not first.segments.exists()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"reason": "vain syy"},
        {"starts_on": "1.2.2024"},  # without a reason
        {"owner": "99999999"},
        {"starts_on": "2.2.2024", "ends_on": "1.1.2024"},
        {"goal": "x"},
    ],
)
def test_a_refused_change_previews_nothing(ground: Ground, pmo: Client, values: dict[str, str]) -> None:
    assert pmo.post(chosen("M-1"), values).status_code == 422


def test_no_rows_too_many_rows_and_rows_of_others(ground: Ground, pmo: Client, monkeypatch: Any) -> None:
    stranger = make_measure(make_ground("vieras"), "V-1")
    assert pmo.post("/p/koe/measures/bulk/", {"starts_on": "1.2.2024"}).status_code == 422
    assert pmo.post(f"/p/koe/measures/bulk/?row={stranger.pk}", {"starts_on": "1.2.2024"}).status_code == 422

    monkeypatch.setattr("measures.views.bulk.BULK_ROWS", 2)

    assert pmo.post("/p/koe/measures/bulk/?all=1", {"starts_on": "1.2.2024"}).status_code == 422
    assert limits.BULK_ROWS == 1000


def test_a_plan_is_its_makers_own(ground: Ground, pmo: Client) -> None:
    url = chosen("M-1")
    plan = pmo.post(url, {"ends_on": "31.12.2025", "reason": "Aikataulu"}).context["plan"]

    other = signed_in(make_member(ground.programme)).post(url, {"plan": plan})
    forged = pmo.post(url, {"plan": plan[:-3] + "abc"})

    assert [other.status_code, forged.status_code] == [422, 422]
    assert Measure.objects.get(code="M-1").ends_on is None


def test_every_filter_can_narrow_a_bulk_change(ground: Ground) -> None:
    filters = MeasureFilter({}, programme=ground.programme, queryset=Measure.objects.all())

    assert {"project", "initiative", "theme", "owner", "stage", "q"} <= set(filters.form.fields)
