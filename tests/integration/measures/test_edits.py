"""Adding, changing, withdrawing and deleting measures through their pages."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from measures.models import Measure, MeasureTarget, SavingsEntry, SavingsLine
from measures.services import next_code
from measures.views import edits
from programme.models import RoleGrant, Segment
from tests.factories.accounts import make_member, make_person
from tests.factories.measures import (
    Ground,
    make_confirmation,
    make_entry,
    make_ground,
    make_line,
    make_measure,
)

pytestmark = pytest.mark.django_db
LIST = "/p/koe/measures/"


@pytest.fixture
def ground() -> Ground:
    return make_ground()


@pytest.fixture
def pmo(ground: Ground) -> Client:
    return signed_in(make_member(ground.programme))


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form_of(client: Client, url: str, **headers: str) -> dict[str, Any]:
    """The form's values as a browser would send them back."""
    answer = client.get(url, headers=headers or None)
    assert answer.status_code == 200, answer.status_code
    form = answer.context["form"]
    values: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, list | tuple):
            value = [getattr(one, "pk", one) for one in value]
        elif hasattr(value, "strftime"):
            value = f"{value:%d.%m.%Y}"
        if value not in (None, False):
            values[bound.html_name] = value
    return values


# --- adding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "proposed"),
    [
        ([], "T-001"), (["T-001", "T-002"], "T-003"), (["T-118", "T-009"], "T-119"), (["M9", "M10"], "M11"),
        (["X", "T-1", "T-2", "A-77"], "T-3"), (["T-999"], "T-1000"),
    ],
)  # fmt: skip
def test_the_next_free_code_is_proposed(ground: Ground, codes: list[str], proposed: str) -> None:
    for code in codes:
        make_measure(ground, code)

    assert next_code(ground.programme) == proposed


def test_a_measure_is_added_with_its_links_and_first_line(ground: Ground, pmo: Client) -> None:
    segment = Segment.objects.create(programme=ground.programme, key="lapset", name_fi="Lapset")
    values = form_of(pmo, f"{LIST}add/") | {
        "name_fi": "Etävastaanotot", "name_sv": "Distansmottagningar", "goal": ground.goals[0].pk,
        "other_goals": [ground.goals[1].pk], "segments": [segment.pk], "starts_on": "1.3.2024",
        "ends_on": "31.12.2025", "confidence_of_owner": "high", "municipality": "Kotka",
        "line_sector": ground.sectors[0].pk, "line_cost_type": ground.cost_types[0].pk,
    }  # fmt: skip

    answer = pmo.post(f"{LIST}add/", values)

    row = Measure.objects.get()
    assert answer["Location"] == f"{LIST}T-001/"
    assert (row.code, row.name_sv, row.starts_on, row.stage) == (
        "T-001", "Distansmottagningar", date(2024, 3, 1), "identified",
    )  # fmt: skip
    assert [goal.pk for goal in row.other_goals.all()] == [ground.goals[1].pk]
    assert [one.pk for one in row.segments.all()] == [segment.pk]
    line = row.lines.get()
    assert (line.sector, line.cost_type, line.goal) == (
        ground.sectors[0],
        ground.cost_types[0],
        ground.goals[0],
    )


def test_sent_twice_one_measure_is_added(ground: Ground, pmo: Client) -> None:
    values = form_of(pmo, f"{LIST}add/") | {"name_fi": "Kerran", "goal": ground.goals[0].pk}

    answers = [pmo.post(f"{LIST}add/", values) for _time in range(2)]

    assert [answer["Location"] for answer in answers] == [f"{LIST}T-001/"] * 2
    assert Measure.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "T-1"}, "__all__"), ({"code": "t 1"}, "code"), ({"code": ""}, "code"), ({"goal": ""}, "goal"),
        ({"name_fi": ""}, "__all__"), ({"starts_on": "1.3.2024", "ends_on": "1.2.2024"}, "ends_on"),
        ({"starts_on": "eilen"}, "starts_on"), ({"line_sector": "first"}, "line_cost_type"),
    ],
)  # fmt: skip
def test_a_refused_measure_names_the_field(
    ground: Ground, pmo: Client, changes: dict[str, str], field: str
) -> None:
    make_measure(ground, "T-1")
    values = form_of(pmo, f"{LIST}add/") | {"name_fi": "Uusi", "goal": ground.goals[0].pk} | changes
    if values.get("line_sector") == "first":
        values["line_sector"] = ground.sectors[0].pk

    answer = pmo.post(f"{LIST}add/", values)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Measure.objects.count() == 1


def test_goals_are_offered_as_a_tree_under_their_themes(ground: Ground, pmo: Client) -> None:
    html = pmo.get(f"{LIST}add/").content.decode()

    assert re.search(
        r'<select name="goal".*?<optgroup label="digi">.*?<optgroup label="ostopalvelut">', html, re.S
    )


def test_a_theme_lead_adds_to_the_own_theme_only(ground: Ground) -> None:
    client = signed_in(make_member(ground.programme, "theme", theme=ground.goals[0].theme))
    values = form_of(client, f"{LIST}add/") | {"name_fi": "Uusi"}

    other = client.post(f"{LIST}add/", values | {"goal": ground.goals[1].pk})
    own = client.post(f"{LIST}add/", values | {"goal": ground.goals[0].pk})

    assert (other.status_code, list(other.context["form"].errors)) == (422, ["goal"])
    assert own.status_code == 302


def test_a_sector_lead_adds_with_a_line_in_the_own_sector(ground: Ground) -> None:
    client = signed_in(make_member(ground.programme, "sector", sector=ground.sectors[0]))
    values = form_of(client, f"{LIST}add/") | {"name_fi": "Uusi", "goal": ground.goals[1].pk}
    line = {"line_cost_type": ground.cost_types[0].pk}

    none = client.post(f"{LIST}add/", values)
    other = client.post(f"{LIST}add/", values | line | {"line_sector": ground.sectors[1].pk})
    own = client.post(f"{LIST}add/", values | line | {"line_sector": ground.sectors[0].pk})

    assert sorted(none.context["form"].errors) == ["line_cost_type", "line_sector"]
    assert list(other.context["form"].errors) == ["line_sector"]
    assert own.status_code == 302


# --- changing -------------------------------------------------------------------------------------------------


def test_a_measure_moves_to_another_theme_only_by_who_leads_that_too(ground: Ground, pmo: Client) -> None:
    measure, person = (
        make_measure(ground),
        make_member(ground.programme, "theme", theme=ground.goals[0].theme),
    )
    url = f"{LIST}{measure.code}/edit/"
    lead = signed_in(person)
    owner = make_member(ground.programme, "measure")
    Measure.objects.filter(pk=measure.pk).update(owner=owner)
    moved = form_of(lead, url) | {"goal": ground.goals[1].pk}

    for client in (lead, signed_in(owner)):
        refused = client.post(url, form_of(client, url) | {"goal": ground.goals[1].pk})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["goal"])
    RoleGrant.objects.create(
        programme=ground.programme, user=person, role="theme", theme=ground.goals[1].theme
    )
    assert lead.post(url, moved).status_code == 302
    measure.refresh_from_db()
    assert measure.goal == ground.goals[1]


def test_money_goes_to_another_theme_only_by_who_leads_that_too(ground: Ground, pmo: Client) -> None:
    measure = make_measure(ground)
    url = f"{LIST}{measure.code}/lines/{make_line(measure, ground).pk}/"
    lead = signed_in(make_member(ground.programme, "theme", theme=ground.goals[0].theme))

    refused = lead.post(url, form_of(lead, url) | {"goal": ground.goals[1].pk})
    allowed = pmo.post(url, form_of(pmo, url) | {"goal": ground.goals[1].pk})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["goal"])
    assert allowed.status_code == 302


def test_changing_keeps_code_stage_and_what_was_not_touched(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1", municipality="Hamina", stage="planned")
    values = form_of(pmo, f"{LIST}T-1/edit/") | {
        "name_fi": "Uusi nimi",
        "reason": "Tarkennettu",
        "code": "T-9",
    }

    answer = pmo.post(f"{LIST}T-1/edit/", values)

    row = Measure.objects.get()
    assert answer["Location"] == f"{LIST}T-1/"
    assert (row.code, row.name_fi, row.municipality, row.stage, row.version) == (
        "T-1", "Uusi nimi", "Hamina", "planned", 2,
    )  # fmt: skip
    event = row.events.order_by("-pgh_id").first()
    assert event.pgh_context.metadata["reason"] == "Tarkennettu"


def test_two_people_and_different_fields_both_stay(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1")
    first, second = (form_of(pmo, f"{LIST}T-1/edit/") for _one in range(2))
    pmo.post(f"{LIST}T-1/edit/", first | {"municipality": "Kotka"})

    answer = pmo.post(f"{LIST}T-1/edit/", second | {"service_point": "Asema"})

    row = Measure.objects.get()
    assert answer.status_code == 302
    assert (row.municipality, row.service_point) == ("Kotka", "Asema")


def test_two_people_and_the_same_field_is_a_conflict_that_loses_nothing(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1")
    first, second = (form_of(pmo, f"{LIST}T-1/edit/") for _one in range(2))
    pmo.post(f"{LIST}T-1/edit/", first | {"municipality": "Kotka"})

    answer = pmo.post(f"{LIST}T-1/edit/", second | {"municipality": "Kouvola"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Kotka" in text and "Kouvola" in text
    assert Measure.objects.get().municipality == "Kotka"


def test_only_the_office_overrides_the_owners_confidence(ground: Ground, pmo: Client) -> None:
    owner = make_member(ground.programme, "measure")
    make_measure(ground, "T-1", owner=owner)

    assert "confidence_of_pmo" in pmo.get(f"{LIST}T-1/edit/").context["form"].fields
    mine = signed_in(owner)
    values = form_of(mine, f"{LIST}T-1/edit/") | {"confidence_of_owner": "low", "confidence_of_pmo": "high"}
    mine.post(f"{LIST}T-1/edit/", values)

    row = Measure.objects.get()
    assert (row.confidence_of_owner, row.confidence_of_pmo) == ("low", "")


def test_owners_are_people_of_the_programme(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1")
    stranger = make_person("vieras")
    values = form_of(pmo, f"{LIST}T-1/edit/") | {"owner": stranger.pk}

    answer = pmo.post(f"{LIST}T-1/edit/", values)

    assert list(answer.context["form"].errors) == ["owner"]


# --- stage and withdrawal -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "reason", "status"),
    [
        ("identified", "planned", "", 422), ("planned", "identified", "", 422),
        ("planned", "identified", "Luvut puuttuvat", 302), ("decided", "on_hold", "", 422),
        ("decided", "on_hold", "Rahoitus puuttuu", 302), ("identified", "withdrawn", "Ei tehdä", 422),
    ],
)  # fmt: skip
def test_stages_move_with_the_reason_they_need(
    ground: Ground, pmo: Client, before: str, after: str, reason: str, status: int
) -> None:
    make_measure(ground, "T-1", stage=before)
    url = f"{LIST}T-1/part/stage/"

    answer = pmo.post(url, form_of(pmo, url) | {"stage": after, "reason": reason})

    assert answer.status_code == status
    assert Measure.objects.get().stage == (after if status == 302 else before)


def test_the_reason_of_a_stage_is_in_the_history(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1", stage="decided")
    url = f"{LIST}T-1/part/stage/"

    pmo.post(url, form_of(pmo, url) | {"stage": "on_hold", "reason": "Odotetaan kilpailutusta"})

    event = Measure.objects.get().events.order_by("-pgh_id").first()
    assert (event.stage, event.pgh_context.metadata["reason"]) == ("on_hold", "Odotetaan kilpailutusta")


def test_withdrawing_needs_day_month_and_reason(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1", stage="planned")
    url = f"{LIST}T-1/withdraw/"
    values = form_of(pmo, url)

    empty = pmo.post(url, values | {"withdrawn_on": ""})
    done = pmo.post(
        url, values | {"withdrawn_on": "15.5.2024", "withdrawn_from": "6/2024", "reason": "Ei kannata"}
    )

    assert sorted(empty.context["form"].errors) == ["reason", "withdrawn_from", "withdrawn_on"]
    row = Measure.objects.get()
    assert done.status_code == 302
    assert (row.stage, row.withdrawn_on, row.withdrawn_from) == (
        "withdrawn",
        date(2024, 5, 15),
        date(2024, 6, 1),
    )


def test_a_withdrawn_measure_is_taken_up_again_with_a_reason(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1", stage="planned")
    Measure.objects.update(stage="withdrawn", withdrawn_on=date(2024, 5, 15), withdrawn_from=date(2024, 6, 1))
    url = f"{LIST}T-1/part/stage/"

    refused = pmo.post(url, form_of(pmo, url) | {"stage": "planned"})
    done = pmo.post(url, form_of(pmo, url) | {"stage": "planned", "reason": "Tehdään sittenkin"})

    row = Measure.objects.get()
    assert (refused.status_code, done.status_code) == (422, 302)
    assert (row.stage, row.withdrawn_on, row.withdrawn_from) == ("planned", None, None)


def test_a_measure_that_moved_meanwhile_is_not_withdrawn(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1", stage="planned")
    url = f"{LIST}T-1/withdraw/"
    typed = {"withdrawn_on": "15.5.2024", "withdrawn_from": "6/2024", "reason": "Ei kannata"}
    values = form_of(pmo, url) | typed
    Measure.objects.update(stage="in_delivery")

    refused = pmo.post(url, values)

    assert refused.status_code == 409
    assert Measure.objects.get().stage == "in_delivery"
    (told,) = refused.context["form"].non_field_errors()
    assert str(Measure.objects.get().get_stage_display()) in told
    again = {bound.html_name: bound.value() for bound in refused.context["form"]}
    assert (again["withdrawn_from"], again["reason"]) == ("6/2024", "Ei kannata")
    assert pmo.post(url, again).status_code == 302
    assert Measure.objects.get().stage == "withdrawn"


# --- in place -------------------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true"}


def test_a_cell_gives_its_form_and_shows_what_was_saved(ground: Ground, pmo: Client) -> None:
    measure = make_measure(ground, "T-1")
    url = f"{LIST}T-1/part/dates/"

    form = pmo.get(url, headers=HTMX)
    saved = pmo.post(
        url, form_of(pmo, url, **HTMX) | {"starts_on": "1.2.2024", "ends_on": "3.4.2025"}, headers=HTMX
    )

    assert f'id="id_{measure.pk}_starts_on"' in form.content.decode() and "<html" not in form.content.decode()
    assert saved.status_code == 200
    assert "1.2.2024" in saved.content.decode() and "data-saved" in saved.content.decode()
    assert Measure.objects.get().ends_on == date(2025, 4, 3)


def test_a_cell_refuses_and_meets_others_inside_itself(ground: Ground, pmo: Client) -> None:
    measure = make_measure(ground, "T-1")
    url = f"{LIST}T-1/part/dates/"
    values = form_of(pmo, url, **HTMX)

    refused = pmo.post(url, values | {"starts_on": "1.2.2025", "ends_on": "3.4.2024"}, headers=HTMX)
    Measure.objects.filter(pk=measure.pk).update(starts_on=date(2024, 9, 9))
    conflict = pmo.post(url, values | {"starts_on": "1.2.2024"}, headers=HTMX)

    assert (refused.status_code, conflict.status_code) == (422, 409)
    assert "cell-form" in refused.content.decode()
    assert re.search(r"0?9\.0?9\.2024", conflict.content.decode())
    assert Measure.objects.get().starts_on == date(2024, 9, 9)


def test_a_cell_whose_measure_went_meanwhile_says_so(
    ground: Ground, pmo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_measure(ground, "T-1")
    url = f"{LIST}T-1/part/owner/"
    owner = make_member(ground.programme, "measure")
    values = form_of(pmo, url, **{"HX-Request": "true"}) | {"owner": owner.pk}
    asked = edits.editable_measure

    def gone_meanwhile(*args: Any, **options: Any) -> Measure:
        found = asked(*args, **options)
        Measure.objects.filter(pk=found.pk).delete()
        return found

    monkeypatch.setattr(edits, "editable_measure", gone_meanwhile)
    answer = pmo.post(url, values, headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors()


def test_a_draft_that_got_money_just_now_is_not_deleted(
    ground: Ground, pmo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = make_measure(ground, "T-1", stage="identified")
    line = make_line(measure, ground)
    asked = edits.why_kept

    def paid_meanwhile(row: Measure) -> str:
        told = asked(row)
        make_entry(line, date(2024, 1, 1), -100)
        return told

    monkeypatch.setattr(edits, "why_kept", paid_meanwhile)
    answer = pmo.post(f"{LIST}T-1/delete/", {"reason": "turha"})

    assert answer.status_code == 422
    assert Measure.objects.filter(code="T-1").exists()


def test_cancelling_shows_the_cell_as_it_stands(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1", starts_on=date(2024, 2, 1))

    answer = pmo.get(f"{LIST}T-1/part/dates/?cancel", headers=HTMX)

    assert "1.2.2024" in answer.content.decode() and "<form" not in answer.content.decode()


@pytest.mark.parametrize("part", ["name", "version", "code"])
def test_other_parts_are_not_edited_in_place(ground: Ground, pmo: Client, part: str) -> None:
    make_measure(ground, "T-1")

    assert pmo.get(f"{LIST}T-1/part/{part}/").status_code == 404


def test_rows_are_links_only_where_the_person_may_edit(ground: Ground) -> None:
    me = make_member(ground.programme, "measure")
    make_measure(ground, "T-1", owner=me)
    make_measure(ground, "T-2")

    html = signed_in(me).get(LIST).content.decode()

    assert f"{LIST}T-1/part/stage/" in html
    assert f"{LIST}T-2/part/stage/" not in html


# --- deleting ---------------------------------------------------------------------------------------------------


def test_a_draft_is_deleted_and_brought_back_as_it_was(ground: Ground, pmo: Client) -> None:
    measure = make_measure(ground, "T-1", municipality="Kotka")
    line = make_line(measure, ground)
    MeasureTarget.objects.create(
        programme=ground.programme, measure=measure, value_eur_cents=-100, valid_from=date(2024, 1, 1)
    )

    answer = pmo.post(f"{LIST}T-1/delete/", {"reason": "Kaksoiskappale"})

    assert answer["Location"] == f"{LIST}deleted/{measure.pk}/"
    assert not Measure.objects.exists() and not SavingsLine.objects.exists()
    assert "T-1" in pmo.get(answer["Location"]).content.decode()

    back = pmo.post(answer["Location"])

    row = Measure.objects.get()
    assert back["Location"] == f"{LIST}T-1/"
    assert (row.pk, row.municipality, row.version) == (measure.pk, "Kotka", 2)
    assert [one.pk for one in row.lines.all()] == [line.pk]
    assert [one.value_eur_cents for one in row.targets.all()] == [-100]
    assert pmo.post(answer["Location"]).status_code == 404


def test_the_code_of_a_deleted_draft_may_be_taken_meanwhile(ground: Ground, pmo: Client) -> None:
    measure = make_measure(ground, "T-1")
    pmo.post(f"{LIST}T-1/delete/", {"reason": "Pois"})
    make_measure(ground, "T-1")

    assert pmo.post(f"{LIST}deleted/{measure.pk}/").status_code == 422
    assert Measure.objects.count() == 1


@pytest.mark.parametrize("why", ["stage", "months"])
def test_only_a_draft_without_money_is_deleted(ground: Ground, pmo: Client, why: str) -> None:
    measure = make_measure(ground, "T-1", stage="planned" if why == "stage" else "identified")
    if why == "months":
        make_entry(make_line(measure, ground), date(2024, 1, 1), -100)

    answer = pmo.post(f"{LIST}T-1/delete/", {"reason": "Pois"})

    assert answer.status_code == 422
    assert Measure.objects.count() == 1


# --- what needs nothing but a reason ----------------------------------------------------------------------------


def reason_of(client: Client, url: str, reason: str) -> dict[str, str]:
    """A form that asks why, filled, with what its page carries along."""
    html = client.get(url).content.decode()
    seen = re.findall(r'<input type="hidden" name="(seen|version)" value="([^"]+)"', html)
    assert len(seen) == 1
    return dict(seen) | {"reason": reason}


def send_reason(client: Client, url: str, reason: str) -> Any:
    return client.post(url, reason_of(client, url, reason))


# --- lines ------------------------------------------------------------------------------------------------------


def line_values(ground: Ground) -> dict[str, Any]:
    return {
        "sector": ground.sectors[0].pk, "cost_type": ground.cost_types[0].pk, "goal": ground.goals[0].pk,
        "permanence": "lasting", "line_class": "cash",
    }  # fmt: skip


def test_a_line_is_added_changed_and_removed(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1")
    add = f"{LIST}T-1/lines/add/"

    added = pmo.post(add, form_of(pmo, add) | line_values(ground) | {"basis_note": "Kaksi virkaa"})
    line = SavingsLine.objects.get()
    edit = f"{LIST}T-1/lines/{line.pk}/"
    changed = pmo.post(edit, form_of(pmo, edit) | {"permanence": "one_off", "in_base": "on"})

    line.refresh_from_db()
    assert [added.status_code, changed.status_code] == [302, 302]
    assert (line.permanence, line.in_base, line.basis_note) == ("one_off", True, "Kaksi virkaa")

    send_reason(pmo, f"{edit}remove/", "Väärä kululaji")

    assert not SavingsLine.objects.exists()


def test_a_second_line_like_the_first_is_refused(ground: Ground, pmo: Client) -> None:
    make_line(make_measure(ground, "T-1"), ground, cost_type=ground.cost_types[0])
    add = f"{LIST}T-1/lines/add/"

    answer = pmo.post(add, form_of(pmo, add) | line_values(ground))

    assert answer.status_code == 422
    assert SavingsLine.objects.count() == 1


def test_removing_says_what_is_lost(ground: Ground, pmo: Client) -> None:
    line = make_line(make_measure(ground, "T-1"), ground)
    for month in (1, 2, 3):
        make_entry(line, date(2024, month, 1), -100_000_00)

    page = pmo.get(f"{LIST}T-1/lines/{line.pk}/remove/")

    (loss,) = page.context["losses"]
    assert (loss.months, loss.total_eur_cents, loss.first, loss.last) == (
        3, -300_000_00, date(2024, 1, 1), date(2024, 3, 1),
    )  # fmt: skip
    assert pmo.post(f"{LIST}T-1/lines/{line.pk}/remove/", {"reason": ""}).status_code == 422
    assert SavingsEntry.objects.count() == 3


@pytest.mark.parametrize("what", ["added", "changed", "moved between months", "the line itself"])
def test_a_line_that_moved_meanwhile_is_not_removed(ground: Ground, pmo: Client, what: str) -> None:
    line = make_line(make_measure(ground, "T-1"), ground)
    january, february = (make_entry(line, date(2024, month, 1), -100) for month in (1, 2))
    url = f"{LIST}T-1/lines/{line.pk}/remove/"
    values = reason_of(pmo, url, "Väärä kululaji")

    if what == "added":
        make_entry(line, date(2024, 3, 1), -100)
    elif what == "the line itself":
        SavingsLine.objects.update(basis_note="Kaksi virkaa")
    else:
        SavingsEntry.objects.filter(pk=january.pk).update(amount_eur_cents=-150)
        if what == "moved between months":
            SavingsEntry.objects.filter(pk=february.pk).update(amount_eur_cents=-50)

    refused = pmo.post(url, values)

    assert refused.status_code == 409
    assert list(refused.context["form"].errors) == ["__all__"]
    assert SavingsLine.objects.exists()
    assert pmo.post(url, values | {"seen": refused.context["seen"]}).status_code == 302
    assert not SavingsLine.objects.exists() and not SavingsEntry.objects.exists()


def test_a_line_is_not_removed_by_whoever_saw_nothing(ground: Ground, pmo: Client) -> None:
    line = make_line(make_measure(ground, "T-1"), ground)

    assert pmo.post(f"{LIST}T-1/lines/{line.pk}/remove/", {"reason": "Pois"}).status_code == 409
    assert SavingsLine.objects.exists()


def test_a_line_with_decided_claims_stays(ground: Ground, pmo: Client) -> None:
    line = make_line(make_measure(ground, "T-1"), ground)
    make_confirmation(make_entry(line, date(2024, 1, 1), -100, "claimed"), -100)

    answer = pmo.post(f"{LIST}T-1/lines/{line.pk}/remove/", {"reason": "Pois"})

    assert answer.status_code == 422
    assert SavingsLine.objects.exists()


def test_money_that_was_decided_moves_only_with_a_reason(ground: Ground, pmo: Client) -> None:
    line = make_line(make_measure(ground, "T-1"), ground)
    make_confirmation(make_entry(line, date(2024, 1, 1), -100, "claimed"), -100)
    url = f"{LIST}T-1/lines/{line.pk}/"
    values = form_of(pmo, url) | {"sector": ground.sectors[1].pk}

    refused = pmo.post(url, values)
    done = pmo.post(url, values | {"reason": "Kirjattu väärälle toimialalle"})

    assert list(refused.context["form"].errors) == ["reason"]
    assert done.status_code == 302


# --- target -----------------------------------------------------------------------------------------------------


def set_target(client: Client, **values: str) -> Any:
    url = f"{LIST}T-1/target/"
    told = {"value_eur_cents": "−1 200 000", "valid_from": "1.1.2024", "reason": "Alkuarvo"}
    return client.post(url, form_of(client, url) | told | values)


def test_a_target_is_versioned_never_overwritten(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1")

    set_target(pmo)
    set_target(pmo, value_eur_cents="-800 000", valid_from="1.7.2024", reason="Laajuus kutistui")

    rows = MeasureTarget.objects.order_by("valid_from")
    assert [(row.value_eur_cents, row.valid_from, row.valid_to, row.reason) for row in rows] == [
        (-120_000_000, date(2024, 1, 1), date(2024, 7, 1), "Alkuarvo"),
        (-80_000_000, date(2024, 7, 1), None, "Laajuus kutistui"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"valid_from": "1.1.2024"}, "valid_from"),
        ({"value_eur_cents": ""}, "value_eur_cents"),
        ({"value_eur_cents": "300 000", "valid_from": "1.3.2024"}, "is_cost_meant"),
    ],
)  # fmt: skip
def test_a_refused_target_names_the_field(
    ground: Ground, pmo: Client, changes: dict[str, str], field: str
) -> None:
    make_measure(ground, "T-1")
    set_target(pmo)

    answer = set_target(pmo, **({"valid_from": "1.9.2024"} | changes))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert MeasureTarget.objects.count() == 1


def test_a_value_to_come_is_taken_away_a_valid_one_is_not(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1")
    set_target(pmo)
    set_target(pmo, valid_from="1.1.2040", value_eur_cents="-5")
    now, coming = MeasureTarget.objects.order_by("valid_from")

    gone = send_reason(pmo, f"{LIST}T-1/target/{coming.pk}/cancel/", "Päätös peruttiin")
    refused = pmo.post(f"{LIST}T-1/target/{now.pk}/cancel/", {"reason": "Päätös peruttiin"})

    assert (gone.status_code, refused.status_code) == (302, 404)
    assert MeasureTarget.objects.get().valid_to is None


def test_a_target_that_was_corrected_meanwhile_is_not_taken_away(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1")
    set_target(pmo)
    set_target(pmo, valid_from="1.1.2040", value_eur_cents="-5")
    coming = MeasureTarget.objects.latest("valid_from")
    url = f"{LIST}T-1/target/{coming.pk}/cancel/"
    values = reason_of(pmo, url, "Päätös peruttiin")
    MeasureTarget.objects.filter(pk=coming.pk).update(value_eur_cents=-700)

    refused = pmo.post(url, values)

    assert refused.status_code == 409
    assert refused.context["target"].value_eur_cents == -700
    assert list(refused.context["form"].errors) == ["__all__"]
    assert MeasureTarget.objects.filter(pk=coming.pk).exists()
    assert send_reason(pmo, url, "Päätös peruttiin").status_code == 302


# --- the card ---------------------------------------------------------------------------------------------------


def test_the_card_offers_what_the_person_may_do(ground: Ground, pmo: Client) -> None:
    measure = make_measure(ground, "T-1")
    line = make_line(measure, ground)
    edits = [
        f"{LIST}T-1/edit/", f"{LIST}T-1/part/owner/", f"{LIST}T-1/lines/add/", f"{LIST}T-1/lines/{line.pk}/remove/",
        f"{LIST}T-1/withdraw/",
    ]  # fmt: skip
    reader = signed_in(make_member(ground.programme, "auditor"))
    RoleGrant.objects.filter(user__username="nobody").delete()

    mine, theirs = (client.get(f"{LIST}T-1/").content.decode() for client in (pmo, reader))

    assert [url for url in edits if url not in mine] == []
    assert [url for url in edits if url in theirs] == []


def test_the_card_names_texts_without_swedish(ground: Ground, pmo: Client) -> None:
    make_measure(ground, "T-1", description_fi="Kuvaus", name_sv="Namn")
    make_measure(ground, "T-2", description_fi="Kuvaus", name_sv="Namn", description_sv="Text")

    assert 'data-missing="sv"' in pmo.get(f"{LIST}T-1/").content.decode()
    assert 'data-missing="sv"' not in pmo.get(f"{LIST}T-2/").content.decode()


def test_the_office_orders_measures_and_owners_see_the_order(ground: Ground, pmo: Client) -> None:
    owner = make_member(ground.programme, "measure")
    for code in ("T-1", "T-2"):
        make_measure(ground, code, owner=owner)
    sent, mine = form_of(pmo, f"{LIST}T-2/edit/") | {"priority": "1"}, signed_in(owner)

    assert pmo.post(f"{LIST}T-2/edit/", sent).status_code == 302
    assert Measure.objects.get(code="T-2").priority == 1
    assert "priority" not in mine.get(f"{LIST}T-1/edit/").context["form"].fields
    assert 'data-priority="1"' in mine.get(f"{LIST}T-2/").content.decode()
    text = mine.get(f"{LIST}?sort=priority").content.decode()
    assert text.index("T-2/") < text.index("T-1/")
