"""Projects, plans and milestones edited through their pages."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Draft
from programme.models import LinkedInitiative, Milestone, Programme, Project, ProjectPhase, ProjectPlanPart
from programme.projects.selectors import plan_of
from tests.factories.accounts import make_member
from tests.factories.programme import make_theme
from tests.factories.projects import PARTS, TODAY, make_milestone, make_planning, make_project, write_part

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
HIDDEN = re.compile(r'name="(was|token)" value="([^"]*)"')


@pytest.fixture
def programme() -> Programme:
    return make_planning()


@pytest.fixture
def project(programme: Programme) -> Project:
    return make_project(programme)


def client_for(programme: Programme, role: str = "pmo", **scope: Any) -> Client:
    client = Client()
    client.force_login(make_member(programme, role, **scope))
    return client


def at(path: str = "", slug: str = "sahkoinen-asiointi") -> str:
    return f"/en/p/ohjelma/projects/{slug}/{path}"


def opened(client: Client, address: str, **headers: Any) -> dict[str, str]:
    """The hidden fields of the form at that address: what a browser would send back."""
    answer = client.get(address, headers=headers or None)
    assert answer.status_code == 200, answer.status_code
    found = dict(HIDDEN.findall(answer.content.decode()))
    assert set(found) == {"was", "token"}
    return found


def sent(client: Client, address: str, **values: Any) -> Any:
    """Opens the form and sends it."""
    return client.post(address, opened(client, address) | values)


# --- projects -----------------------------------------------------------------------------------------

NEW = {
    "name_fi": "Etäpalvelut & ajanvaraus",
    "state": "planned",
    "phase_number": "1",
    "ends_on": "31.12.2024",
}


def test_a_new_project_gets_a_short_name_and_an_empty_plan(programme: Programme) -> None:
    client = client_for(programme)

    answer = sent(client, "/en/p/ohjelma/projects/add/", **NEW)

    assert answer["Location"] == at(slug="etapalvelut-ajanvaraus")
    project = Project.objects.get(slug="etapalvelut-ajanvaraus")
    assert (project.ends_on, project.created_by.grants.get().role) == (dt.date(2024, 12, 31), "pmo")
    assert project.plan_parts.count() == 6
    assert plan_of(project).there == 0


def test_sent_twice_a_project_is_added_once(programme: Programme) -> None:
    client, address = client_for(programme), "/en/p/ohjelma/projects/add/"
    form = opened(client, address) | NEW

    first, second = client.post(address, form), client.post(address, form)

    assert first["Location"] == second["Location"] == at(slug="etapalvelut-ajanvaraus")
    assert Project.objects.count() == 1


@pytest.mark.parametrize("slug", ["add", "Add", "edit", "on väärin", "sahkoinen-asiointi"])
def test_short_names_that_are_refused(project: Project, slug: str) -> None:
    client = client_for(project.programme)

    answer = sent(client, "/en/p/ohjelma/projects/add/", **NEW, slug=slug)

    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors or "__all__" in answer.context["form"].errors
    assert Project.objects.count() == 1


def test_two_projects_of_one_name_get_two_short_names(project: Project) -> None:
    client = client_for(project.programme)

    answer = sent(client, "/en/p/ohjelma/projects/add/", **NEW | {"name_fi": project.name_fi})

    assert answer["Location"] == at(slug="sahkoinen-asiointi-2")


def test_the_short_name_is_not_edited(project: Project) -> None:
    client = client_for(project.programme)

    sent(client, at("edit/"), name_fi="Uusi nimi", slug="uusi", state="running", phase_number="1")

    project.refresh_from_db()
    assert (project.slug, project.name_fi, project.state) == ("sahkoinen-asiointi", "Uusi nimi", "running")


def test_a_project_that_ends_before_it_begins_is_refused_with_words(project: Project) -> None:
    client = client_for(project.programme)

    answer = sent(
        client,
        at("edit/"),
        name_fi="X",
        state="planned",
        phase_number="1",
        starts_on="2.1.2024",
        ends_on="1.1.2024",
    )

    assert answer.status_code == 422
    assert "must not end before it starts" in answer.content.decode()


def test_the_phase_is_chosen_from_the_phases_of_the_programme(project: Project) -> None:
    ProjectPhase.objects.create(programme=project.programme, number=3, name_fi="Suunnittelu")
    client = client_for(project.programme)

    assert sent(client, at("edit/state/"), state="running", phase_number="3").status_code == 302
    assert sent(client, at("edit/state/"), state="running", phase_number="9").status_code == 422
    project.refresh_from_db()
    assert (project.state, project.phase_number) == ("running", 3)


def test_a_theme_lead_adds_and_edits_in_the_own_theme_only(project: Project) -> None:
    programme, other = project.programme, make_theme(project.programme, key="t2", number=2)
    client = client_for(programme, "theme", theme=project.theme)
    foreign = make_project(programme, slug="muu", theme=other)

    assert sent(client, "/en/p/ohjelma/projects/add/", **NEW).status_code == 422  # a theme must be named
    assert sent(client, "/en/p/ohjelma/projects/add/", **NEW, theme=other.pk).status_code == 422
    assert sent(client, "/en/p/ohjelma/projects/add/", **NEW, theme=project.theme_id).status_code == 302
    assert client.get(at("edit/", foreign.slug)).status_code == 403
    moved = sent(client, at("edit/"), name_fi="X", state="planned", phase_number="1", theme=other.pk)
    assert (moved.status_code, "theme" in moved.context["form"].errors) == (422, True)


def test_a_project_manager_edits_the_own_project_only_and_adds_none(project: Project) -> None:
    other = make_project(project.programme, slug="muu")
    client = client_for(project.programme, "project", project=project)

    assert client.get(at("edit/")).status_code == 200
    assert client.get(at(f"plan/part/{PARTS[0]}/")).status_code == 200
    assert client.get(at("milestones/add/")).status_code == 200
    assert client.get(at("edit/", other.slug)).status_code == 403
    assert client.get(at(f"plan/part/{PARTS[0]}/", other.slug)).status_code == 403
    assert client.get("/en/p/ohjelma/projects/add/").status_code == 403
    assert client.post(at("plan/accept/")).status_code == 403
    assert b"/edit/" not in client.get(at("", other.slug)).content


# --- edited in place ----------------------------------------------------------------------------------


def test_a_fact_is_edited_where_it_stands(project: Project) -> None:
    client = client_for(project.programme)
    form = opened(client, at("edit/dates/"), **HTMX)

    answer = client.post(at("edit/dates/"), form | {"starts_on": "1.2.2024"}, headers=HTMX)

    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert b"data-saved" in answer.content
    assert b"1.2.2024" in answer.content
    project.refresh_from_db()
    assert (project.starts_on, project.updated_by.grants.get().role) == (dt.date(2024, 2, 1), "pmo")


def test_a_refused_fact_comes_back_as_a_form(project: Project) -> None:
    client = client_for(project.programme)
    form = opened(client, at("edit/dates/"), **HTMX)

    answer = client.post(at("edit/dates/"), form | {"starts_on": "helmikuu"}, headers=HTMX)

    assert answer.status_code == 422
    assert b'value="helmikuu"' in answer.content
    assert b"<html" not in answer.content


def test_two_who_change_the_same_fact_are_told(project: Project) -> None:
    one, two = client_for(project.programme), client_for(project.programme)
    first, second = opened(one, at("edit/state/"), **HTMX), opened(two, at("edit/state/"), **HTMX)
    done = one.post(at("edit/state/"), first | {"state": "running", "phase_number": "1"}, headers=HTMX)

    answer = two.post(
        at("edit/state/"),
        second | {"state": "stopped", "phase_number": "1", "close_anyway": "on"},
        headers=HTMX,
    )

    assert (done.status_code, answer.status_code) == (200, 409)
    assert b'data-conflict="state"' in answer.content
    project.refresh_from_db()
    assert project.state == "running"


def test_two_who_change_different_facts_both_succeed(project: Project) -> None:
    one, two = client_for(project.programme), client_for(project.programme)
    first, second = opened(one, at("edit/state/"), **HTMX), opened(two, at("edit/dates/"), **HTMX)

    one.post(at("edit/state/"), first | {"state": "running", "phase_number": "1"}, headers=HTMX)
    two.post(at("edit/dates/"), second | {"ends_on": "31.5.2024"}, headers=HTMX)

    project.refresh_from_db()
    assert (project.state, project.ends_on, project.version) == ("running", dt.date(2024, 5, 31), 3)


def test_only_the_parts_of_the_card_are_edited_in_place(project: Project) -> None:
    assert client_for(project.programme).get(at("edit/slug/")).status_code == 404


# --- plans --------------------------------------------------------------------------------------------


def part_of(project: Project, key: str = PARTS[0]) -> ProjectPlanPart:
    return ProjectPlanPart.objects.get(project=project, part__key=key)


def test_a_part_that_nobody_has_written_is_made_when_it_is_saved(project: Project) -> None:
    client, address = client_for(project.programme), at(f"plan/part/{PARTS[0]}/")
    client.get(address)
    assert ProjectPlanPart.objects.count() == 0

    answer = sent(client, address, text_fi="Tavoitteet")

    assert answer["Location"] == at() + "#plan"
    assert (part_of(project).text_fi, part_of(project).written_on) == ("Tavoitteet", TODAY)
    assert ProjectPlanPart.objects.count() == 6


def test_two_who_begin_the_same_part_are_told(project: Project) -> None:
    one, two, address = (
        client_for(project.programme),
        client_for(project.programme),
        at(f"plan/part/{PARTS[0]}/"),
    )
    first, second = opened(one, address), opened(two, address)
    one.post(address, first | {"text_fi": "Minun"})

    answer = two.post(address, second | {"text_fi": "Toisen"})

    assert answer.status_code == 409
    assert part_of(project).text_fi == "Minun"
    assert b"Toisen" in answer.content


def test_two_languages_of_a_part_merge(project: Project) -> None:
    one, two, address = (
        client_for(project.programme),
        client_for(project.programme),
        at(f"plan/part/{PARTS[0]}/"),
    )
    first, second = opened(one, address), opened(two, address)

    one.post(address, first | {"text_fi": "Suomeksi"})
    answer = two.post(address, second | {"text_sv": "På svenska"}, follow=True)

    assert (part_of(project).text_fi, part_of(project).text_sv) == ("Suomeksi", "På svenska")
    assert "Text in Finnish" in answer.content.decode()  # the other's change is told


def test_a_text_that_changes_must_be_accepted_again(project: Project) -> None:
    by = make_member(project.programme)
    write_part(project, PARTS[0], accepted_on=TODAY, accepted_by=by)
    client, address = client_for(project.programme), at(f"plan/part/{PARTS[0]}/")

    sent(client, address, text_fi="Teksti")
    assert part_of(project).accepted_on == TODAY  # nothing was changed

    sent(client, address, text_fi="Uusi")
    assert (part_of(project).accepted_on, part_of(project).version) == (None, 2)

    sent(client, address, text_fi="")
    assert part_of(project).state == "missing"


def seen_on(client: Client) -> list[str]:
    """Parts and versions that the accepting buttons of the card carry."""
    return re.findall(r'name="seen" value="([^"]+)"', client.get(at()).content.decode())


@pytest.mark.parametrize("part", ["", PARTS[0]])
def test_a_text_that_nobody_has_read_is_not_accepted(project: Project, part: str) -> None:
    for key in PARTS:
        write_part(project, key)
    director = client_for(project.programme, "director")
    seen = seen_on(director)
    ProjectPlanPart.objects.filter(part__key=PARTS[0]).update(text_fi="Aivan muuta")

    director.post(at("plan/accept/"), {"part": part, "seen": seen})
    assert not ProjectPlanPart.objects.exclude(accepted_on=None).exists()

    director.post(at("plan/accept/"), {"part": part, "seen": seen_on(director)})
    assert part_of(project).accepted_on == TODAY


def test_the_card_names_what_the_plan_lacks_and_who_accepts_it(project: Project) -> None:
    for key in PARTS[:5]:
        write_part(project, key)
    director = client_for(project.programme, "director")
    page = director.get(at()).content.decode()
    assert 'data-plan="missing"' in page
    assert "missing: muutosvaikutukset" in page
    assert "Accept the plan" not in page

    refused = director.post(at("plan/accept/"), follow=True).content.decode()
    assert "It lacks: muutosvaikutukset" in refused

    write_part(project, PARTS[5])
    assert 'data-plan="whole"' in director.get(at()).content.decode()
    director.post(at("plan/accept/"), {"seen": seen_on(director)})
    assert 'data-plan="accepted"' in director.get(at()).content.decode()
    assert part_of(project).accepted_by.grants.get().role == "director"


def test_one_part_is_accepted_alone(project: Project) -> None:
    write_part(project, PARTS[0])
    write_part(project, PARTS[1])

    owner = client_for(project.programme, "owner")
    owner.post(at("plan/accept/"), {"part": PARTS[0], "seen": seen_on(owner)})

    assert [part_of(project, key).state for key in PARTS[:2]] == ["accepted", "written"]


def test_a_long_text_is_kept_as_a_draft(project: Project) -> None:
    client, address = client_for(project.programme), at(f"plan/part/{PARTS[0]}/")
    form = opened(client, address) | {"text_fi": "Kesken", "draft_key": address.removeprefix("/en")}
    assert client.post("/en/drafts/", form).status_code in (200, 204)

    page = client.get(address).content.decode()

    assert "Kesken" in page
    assert "draft-note" in page
    sent(client, address, text_fi="Valmis")
    assert Draft.objects.count() == 0


# --- milestones ---------------------------------------------------------------------------------------

DAYS = {"name_fi": "Käyttöönotto", "forecast_on": "", "actual_on": ""}


def test_a_milestone_is_added_with_the_day_it_is_planned_for(project: Project) -> None:
    client = client_for(project.programme)

    refused = sent(client, at("milestones/add/"), **DAYS)
    added = sent(client, at("milestones/add/"), **DAYS, baseline_on="1.6.2024")

    assert (refused.status_code, "baseline_on" in refused.context["form"].errors) == (422, True)
    assert added["Location"] == at() + "#milestones"
    row = Milestone.objects.get()
    assert (row.key, row.project, row.baseline_on) == ("kayttoonotto", project, dt.date(2024, 6, 1))


def test_the_day_first_planned_changes_with_a_reason_only(project: Project) -> None:
    row = make_milestone(project)
    client, address = client_for(project.programme), at(f"milestones/{row.pk}/")

    refused = sent(client, address, **DAYS, baseline_on="1.4.2024")
    assert (refused.status_code, "reason" in refused.context["form"].errors) == (422, True)
    assert (
        sent(client, address, **DAYS | {"forecast_on": "1.5.2024"}, baseline_on="1.3.2024").status_code == 302
    )
    assert sent(client, address, **DAYS, baseline_on="1.4.2024", reason="Päätös § 12").status_code == 302

    row.refresh_from_db()
    last = row.events.select_related("pgh_context").latest("pgh_id")
    assert (row.baseline_on, last.pgh_context.metadata["reason"]) == (dt.date(2024, 4, 1), "Päätös § 12")


def test_a_milestone_without_a_first_plan_gets_one_without_a_reason(project: Project) -> None:
    row = make_milestone(project, baseline_on=None, forecast_on=TODAY)

    answer = sent(
        client_for(project.programme), at(f"milestones/{row.pk}/"), **DAYS | {"forecast_on": "31.3.2024"},
        baseline_on="1.3.2024",
    )  # fmt: skip

    assert answer.status_code == 302


def test_done_is_today_and_never_ahead(project: Project) -> None:
    row = make_milestone(project)
    client = client_for(project.programme)
    ahead = sent(
        client, at(f"milestones/{row.pk}/"), **DAYS | {"actual_on": "1.4.2024"}, baseline_on="1.3.2024"
    )
    assert (ahead.status_code, "actual_on" in ahead.context["form"].errors) == (422, True)

    client.post(at(f"milestones/{row.pk}/done/"))
    client.post(at(f"milestones/{row.pk}/done/"))

    row.refresh_from_db()
    assert (row.actual_on, row.version) == (TODAY, 2)
    assert 'data-standing="done_late"' in client.get(at()).content.decode()


def test_milestones_stand_in_the_order_of_their_days_with_words_and_shapes(project: Project) -> None:
    days = {"late": dt.date(2024, 3, 21), "moved": dt.date(2024, 5, 1), "done": dt.date(2024, 1, 1)}
    make_milestone(project, key="moved", baseline_on=dt.date(2024, 4, 1), forecast_on=days["moved"])
    make_milestone(project, key="late", baseline_on=days["late"])
    make_milestone(project, key="done", baseline_on=days["done"], actual_on=days["done"])

    page = client_for(project.programme).get(at()).content.decode()

    assert re.findall(r'data-milestone="(\w+)" data-standing="(\w+)"', page) == [
        ("done", "done_on_time"), ("late", "late"), ("moved", "moved"),
    ]  # fmt: skip
    assert "late by 10 days" in page
    assert "moved by 30 days" in page
    assert page.count("status__shape") >= 3


def test_a_milestone_is_removed_with_its_history_kept(project: Project) -> None:
    row = make_milestone(project)
    client = client_for(project.programme)
    assert client.get(at(f"milestones/{row.pk}/remove/")).status_code == 200
    assert Milestone.objects.count() == 1

    client.post(at(f"milestones/{row.pk}/remove/"), {"reason": "Kaksi kertaa"})

    last = row.events.model.objects.filter(pgh_obj_id=row.pk).select_related("pgh_context").latest("pgh_id")
    assert Milestone.objects.count() == 0
    assert (last.pgh_label, last.pgh_context.metadata["reason"]) == ("delete", "Kaksi kertaa")


def test_a_reason_with_a_personal_identity_code_is_not_kept(project: Project) -> None:
    row = make_milestone(project)
    client = client_for(project.programme)

    answer = client.post(at(f"milestones/{row.pk}/remove/"), {"reason": "Sairas: 131052-308T"})

    assert answer.status_code == 422
    assert 'aria-describedby="id_reason_error"' in answer.content.decode()
    assert Milestone.objects.filter(pk=row.pk).exists()


# --- undertakings -------------------------------------------------------------------------------------


def test_the_name_of_an_undertaking_is_edited(programme: Programme) -> None:
    LinkedInitiative.objects.create(programme=programme, key="ict", name_fi="ICT-muutoshanke")
    client = client_for(programme)

    answer = sent(
        client, "/en/p/ohjelma/undertakings/ict/edit/", name_fi="ICT-muutoshanke", name_sv="IKT-projektet"
    )

    assert answer.status_code == 302
    assert LinkedInitiative.objects.get().name_sv == "IKT-projektet"


# --- the list -----------------------------------------------------------------------------------------


def listed(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/en/p/ohjelma/projects/?{query}")
    assert answer.status_code == 200
    return [row.slug for row in answer.context["projects"]]


def test_filters_of_the_list(programme: Programme) -> None:
    manager = make_member(programme, "project")
    digi, other = make_theme(programme), make_theme(programme, key="t2", number=2)
    first = make_project(programme, theme=digi, manager=manager, state="running", phase_number=2)
    ProjectPhase.objects.create(programme=programme, number=2, name_fi="Toinen")
    second = make_project(programme, slug="tilat", name_fi="Tilojen karsinta", theme=other)
    make_project(programme, slug="tyhja", name_fi="Tyhjä", theme=None)
    for key in PARTS:
        write_part(first, key)
    write_part(second, PARTS[0])
    client = client_for(programme)

    assert listed(client) == ["sahkoinen-asiointi", "tilat", "tyhja"]
    assert listed(client, "q=karsinta tilojen") == ["tilat"]
    assert listed(client, "theme=t1") == ["sahkoinen-asiointi"]
    assert listed(client, "state=running") == ["sahkoinen-asiointi"]
    assert listed(client, "phase=2") == ["sahkoinen-asiointi"]
    assert listed(client, f"manager={manager.pk}") == ["sahkoinen-asiointi"]
    assert listed(client, "manager=none") == ["tilat", "tyhja"]
    assert listed(client, "plan=whole") == ["sahkoinen-asiointi"]
    assert listed(client, "plan=begun") == ["tilat"]
    assert listed(client, "plan=none") == ["tyhja"]
    assert listed(client, "sort=-plan") == ["sahkoinen-asiointi", "tilat", "tyhja"]
    assert listed(client, "sort=plan") == ["tyhja", "tilat", "sahkoinen-asiointi"]
    assert listed(client, "theme=nosuch") == []


def test_the_list_names_the_missing_parts_and_answers_with_its_part(project: Project) -> None:
    for key in PARTS[:5]:
        write_part(project, key)
    client = client_for(project.programme)

    part = client.get("/en/p/ohjelma/projects/", headers=HTMX)

    assert b"<html" not in part.content
    assert "5 of 6 parts" in part.content.decode()
    assert "muutosvaikutukset" in part.content.decode()


def test_queries_stay_when_projects_and_milestones_are_many(programme: Programme) -> None:
    def fill(start: int) -> None:
        for number in range(start, start + 5):
            project = make_project(programme, slug=f"p{number}", manager=make_member(programme, "project"))
            for key in PARTS[:3]:
                write_part(project, key)
            make_milestone(project)

    fill(0)
    client, counts = client_for(programme), []
    card = Project.objects.get(slug="p0")
    for start in (5, 10):
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/p/ohjelma/projects/")
            client.get(at("", "p0"))
            client.get(at("edit/", "p0"))
        counts.append(len(asked))
        fill(start)
        for number in range(5):
            make_milestone(card, key=f"m{start}-{number}")
            write_part(card, PARTS[3 + (start == 10)]) if number == 0 else None

    assert counts[0] == counts[1]
    assert counts[0] <= 50
