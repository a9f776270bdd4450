"""What a project's plan holds, through its pages: ready, phases, the checklist, effects, lessons, stakeholders."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from core.models import Setting
from core.waiting import waiting_for
from programme.governance.calendar import events
from programme.models import (
    ChangeElement,
    ChangeElementCheck,
    CommunicationItem,
    LessonLearned,
    LinkedInitiative,
    PhaseAnswer,
    PhaseQuestion,
    PlanPart,
    Programme,
    Project,
    ProjectPhase,
    StaffEffect,
    Stakeholder,
)
from programme.projects.plans import PART_EMPTIED, declare_ready, take_back_ready
from programme.projects.selectors import plan_of
from tests.factories.accounts import make_member
from tests.factories.programme import make_theme
from tests.factories.projects import PARTS, TODAY, make_milestone, make_planning, make_project, write_part
from tests.integration.programme.forms import opened, sent

pytestmark = pytest.mark.django_db

BASE = "/en/p/ohjelma"
PAGE = f"{BASE}/projects/sahkoinen-asiointi/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def project() -> Project:
    """A project whose plan is whole, in the first of two phases with two questions each."""
    project = make_project(make_planning())
    for key in PARTS:
        write_part(project, key)
    for number in (1, 2):
        phase = ProjectPhase.objects.create(
            programme=project.programme, number=number, name_fi=f"Vaihe {number}"
        )
        for at in (1, 2):
            PhaseQuestion.objects.create(
                programme=project.programme, phase=phase, key=f"k{number}{at}", position=at,
                name_fi=f"Kysymys {number}.{at}",
            )  # fmt: skip
    return project


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def pmo(programme: Programme) -> Client:
    return client_of(make_member(programme, "pmo"))


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


# --- ready -------------------------------------------------------------------------------------------


def test_a_plan_that_lacks_parts_is_not_ready_and_names_each(project: Project) -> None:
    """Demand 54: through the page."""
    project.plan_parts.filter(part__key__in=("johto", "yhteydet")).update(text_fi="", written_on=None)
    client = pmo(project.programme)

    refused = client.post(f"{PAGE}plan/ready/")

    assert refused.status_code == 422
    assert refused.context["plan_refused"] == "The plan is not whole. It lacks: johto and yhteydet."
    assert "data-refused" in refused.content.decode()
    project.refresh_from_db()
    assert project.plan_ready_on is None
    with pytest.raises(ValidationError, match="johto"):
        declare_ready(project=project, by=make_member(project.programme), on=TODAY)


def test_a_whole_plan_is_said_to_be_ready_with_who_and_when(project: Project) -> None:
    manager = make_member(project.programme, "project", project=project)
    client = client_of(manager)

    first, second = client.post(f"{PAGE}plan/ready/"), client.post(f"{PAGE}plan/ready/")

    project.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 302)
    assert (project.plan_ready_on, project.plan_ready_by) == (TODAY, manager)
    assert 'data-plan="ready"' in text_of(client, PAGE)
    client.post(f"{PAGE}plan/ready/", {"back": "1"})
    project.refresh_from_db()
    assert (project.plan_ready_on, project.plan_ready_by) == (None, None)
    assert take_back_ready(project=project, by=manager) is False


def test_a_part_emptied_makes_the_plan_one_that_is_not_ready_and_history_says_why(project: Project) -> None:
    by = make_member(project.programme, "pmo")
    declare_ready(project=project, by=by, on=TODAY)
    client = client_of(by)

    sent(client, f"{PAGE}plan/part/sisalto/", text_fi="Toinen teksti")
    project.refresh_from_db()
    assert project.plan_ready_on == TODAY
    sent(client, f"{PAGE}plan/part/sisalto/", text_fi=" ")

    project.refresh_from_db()
    assert (project.plan_ready_on, project.plan_ready_by) == (None, None)
    last = project.events.order_by("-pgh_id").first()
    assert last.pgh_context.metadata["reason"] == PART_EMPTIED


def test_projects_without_a_plan_or_with_missing_parts_are_listed(project: Project) -> None:
    """Demand 54: the list of projects without a plan."""
    programme = project.programme
    declare_ready(project=project, by=make_member(programme), on=TODAY)
    make_project(programme, slug="tyhja", name_fi="Tyhjä")
    write_part(make_project(programme, slug="alussa", name_fi="Alussa"), PARTS[0])
    client = pmo(programme)

    def listed(plan: str) -> list[str]:
        found = client.get(f"{BASE}/projects/?plan={plan}", headers=HTMX).context["projects"]
        return [row.slug for row in found]

    assert listed("none") == ["tyhja"]
    assert listed("missing") == ["alussa", "tyhja"]
    assert listed("ready") == ["sahkoinen-asiointi"]


def test_the_plan_stands_on_one_page_to_print(project: Project) -> None:
    LessonLearned.objects.create(
        programme=project.programme, project=project, noted_on=TODAY, kind="worked", subject="Opittua"
    )
    page = text_of(pmo(project.programme), f"{PAGE}plan/")

    assert all(f'data-part="{key}"' in page for key in PARTS)
    assert "Kysymys 1.1" in page and "Opittua" in page


# --- templates in one place --------------------------------------------------------------------------


def test_a_template_is_edited_in_one_place_and_every_project_sees_it(project: Project) -> None:
    """Demands 59 and 75: the office adds a part and closes one; plans of all projects follow."""
    programme = project.programme
    other = make_project(programme, slug="toinen", name_fi="Toinen")
    declare_ready(project=project, by=make_member(programme), on=TODAY)
    client = pmo(programme)
    page = text_of(client, f"{BASE}/settings/projects/")
    assert 'data-template="plan_template" data-rows="6"' in page

    sent(client, f"{BASE}/settings/plan-parts/add/", name_fi="tietosuoja", guidance_fi="Arvioi vaikutukset")

    assert plan_of(project).missing_names == plan_of(other).missing[-1].name == "tietosuoja"
    assert plan_of(Project.objects.get(pk=project.pk)).is_ready is False
    assert "Arvioi vaikutukset" in text_of(client, f"{PAGE}plan/part/tietosuoja/")
    johto = PlanPart.objects.get(key="johto")
    refused = client.post(f"{BASE}/settings/plan-parts/{johto.pk}/delete/", {"reason": "Ei tarvita"})
    assert refused.status_code == 409
    sent(client, f"{BASE}/settings/plan-parts/{johto.pk}/", is_closed="on")
    assert "johto" not in [part.key for part in plan_of(other).missing]
    assert "johto" in [line.part.key for line in plan_of(project).lines]


def test_a_phase_in_which_a_project_stands_is_not_deleted(project: Project) -> None:
    client = pmo(project.programme)
    phase = ProjectPhase.objects.get(number=1)
    phase.questions.all().delete()

    assert client.post(f"{BASE}/settings/phases/{phase.pk}/delete/", {}).status_code == 409
    sent(client, f"{BASE}/settings/phases/add/", name_fi="Vaihe kolme")
    assert ProjectPhase.objects.get(name_fi="Vaihe kolme").number == 3


# --- phases ------------------------------------------------------------------------------------------


def test_a_project_shows_its_phase_answers_its_questions_and_moves_on(project: Project) -> None:
    """Demand 55: the phase and its questions; what is unanswered is named and bars nothing."""
    client = pmo(project.programme)
    question = PhaseQuestion.objects.get(key="k11")
    page = text_of(client, f"{PAGE}part/phases/")
    assert 'data-phase="1"' in page and "Kysymys 1.1" in page and 'data-unanswered="2"' in page

    sent(client, f"{PAGE}answer/{question.pk}/", text="Jonot lyhenevät")
    answer = PhaseAnswer.objects.get()
    assert (answer.text, answer.answered_on) == ("Jonot lyhenevät", TODAY)
    assert 'data-unanswered="1"' in text_of(client, f"{PAGE}part/phases/")
    moved = client.post(f"{PAGE}phase/", {"seen": "1", "to": "2"}, follow=True)
    again = client.post(f"{PAGE}phase/", {"seen": "1", "to": "2"}, follow=True)

    project.refresh_from_db()
    assert project.phase_number == 2
    told = [str(message) for message in moved.context["messages"]]
    assert "Not answered in phase 1: Kysymys 1.2" in told
    assert [str(message) for message in again.context["messages"]] == ["Somebody changed it meanwhile."]
    sent(client, f"{PAGE}answer/{question.pk}/", text="")
    assert not PhaseAnswer.objects.exists()


def test_two_who_answer_the_same_question_are_told(project: Project) -> None:
    one, two = pmo(project.programme), pmo(project.programme)
    address = f"{PAGE}answer/{PhaseQuestion.objects.get(key='k11').pk}/"
    first, second = opened(one, address), opened(two, address)
    assert one.post(address, first | {"text": "Ensin"}).status_code == 302

    refused = two.post(address, second | {"text": "Sitten"})

    assert refused.status_code == 409
    assert PhaseAnswer.objects.get().text == "Ensin"


# --- leading the change ------------------------------------------------------------------------------


def test_seven_elements_are_ticked_with_a_comment_and_effects_followed_by_date(project: Project) -> None:
    """Demand 63."""
    programme, client = project.programme, pmo(project.programme)
    for at in range(7):
        ChangeElement.objects.create(programme=programme, key=f"e{at}", position=at, name_fi=f"Tekijä {at}")

    for at in range(7):
        sent(client, f"{PAGE}element/e{at}/", is_done="on", comment=f"Sovittu {at}")
    sent(client, f"{PAGE}element/e6/", is_done="", comment="Kesken", checked_on="1.3.2024")
    for day, way in (("1.2.2024", "worse"), ("20.3.2024", "better")):
        sent(
            client, f"{PAGE}effects/add/", seen_on=day, group="Hoitajat", direction=way, text="Kuormitus"
        )  # fmt: skip

    page = text_of(client, f"{PAGE}part/change/")
    assert 'data-elements-done="6"' in page and "Sovittu 3" in page
    assert ChangeElementCheck.objects.get(element__key="e6").checked_on == dt.date(2024, 3, 1)
    assert ChangeElementCheck.objects.get(element__key="e0").checked_on == TODAY
    assert list(StaffEffect.objects.values_list("direction", flat=True)) == ["better", "worse"]
    assert page.index('data-effect="better"') < page.index('data-effect="worse"')
    ahead = sent(client, f"{PAGE}effects/add/", seen_on="1.4.2024", group="H", direction="same", text="T")
    assert ahead.status_code == 422


def test_lessons_of_all_projects_are_found_by_words(project: Project) -> None:
    client = pmo(project.programme)
    other = make_project(project.programme, slug="toinen", name_fi="Toinen")
    sent(client, f"{PAGE}lessons/add/", kind="worked", subject="Koulutus ensin", recommendation="Varaa aikaa")
    LessonLearned.objects.create(
        programme=project.programme, project=other, noted_on=TODAY, kind="improve", subject="Aloita aiemmin"
    )

    def found(query: str) -> list[str]:
        page = client.get(f"{BASE}/lessons/?{query}").context["page"]
        return sorted(row.subject for row in page)

    assert found("") == ["Aloita aiemmin", "Koulutus ensin"]
    assert found("q=varaa koulutus") == found("kind=worked") == ["Koulutus ensin"]
    assert found("q=toinen") == ["Aloita aiemmin"]
    assert found("q=varaa toinen") == []
    assert found("q=toinen%00") == ["Aloita aiemmin"]  # no column takes a NUL


# --- stakeholders ------------------------------------------------------------------------------------


def test_stakeholders_have_items_with_day_and_owner_and_late_ones_are_flagged(project: Project) -> None:
    """Demand 62; the owner marks the item done in one click, nobody else may."""
    programme = project.programme
    owner, client = make_member(programme, "measure"), pmo(programme)
    sent(client, f"{BASE}/stakeholders/add/", name_fi="Kunnat", interest="high")
    sent(client, f"{PAGE}stakeholders/add/", name_fi="Henkilöstö", owner=str(owner.pk))
    whom = Stakeholder.objects.get(name_fi="Henkilöstö")
    assert (whom.project, Stakeholder.objects.get(name_fi="Kunnat").project) == (project, None)
    for subject, day in (("Kutsu", "20.3.2024"), ("Ohje", "5.4.2024"), ("Muistutus", "1.6.2024")):
        sent(
            client, f"{BASE}/stakeholders/{whom.pk}/tell/", subject=subject, planned_on=day,
            owner=str(owner.pk),
        )  # fmt: skip

    page = text_of(client, f"{BASE}/stakeholders/")
    assert 'data-late="1"' in page and page.count('data-state="late"') == 1
    assert 'data-state="late"' in text_of(client, f"{PAGE}part/stakeholders/")
    mine = [
        row for kind, rows in waiting_for(owner, [programme]) if kind.key == "communications" for row in rows
    ]
    assert [(row.text, row.due_on) for row in mine] == [
        ("Kutsu", dt.date(2024, 3, 20)), ("Ohje", dt.date(2024, 4, 5)),
    ]  # fmt: skip
    days = events(programme, dt.date(2024, 3, 1), dt.date(2024, 4, 30))
    assert [(row.day.day, row.state) for row in days if row.kind == "communication"] == [
        (20, "bad"),
        (5, "none"),
    ]
    late = CommunicationItem.objects.get(subject="Kutsu")
    stranger = client_of(make_member(programme, "sector"))
    assert stranger.post(f"{BASE}/communications/{late.pk}/done/").status_code == 403
    assert client_of(owner).post(f"{BASE}/communications/{late.pk}/done/").status_code == 302
    late.refresh_from_db()
    assert (late.done_on, late.updated_by) == (TODAY, owner)


def test_a_theme_owner_edits_projects_of_the_own_theme_and_no_others(project: Project) -> None:
    """Demand 72."""
    other = make_theme(project.programme, key="muu", number=9)
    strange = make_project(project.programme, slug="vieras", name_fi="Vieras", theme=other)
    client = client_of(make_member(project.programme, "theme", theme=project.theme))
    paths = ("edit/", "close/", "effects/add/", "lessons/add/", "stakeholders/add/", "plan/part/sisalto/")

    assert {client.get(f"{PAGE}{path}").status_code for path in paths} == {200}
    there = PAGE.replace(project.slug, strange.slug)
    assert {client.get(f"{there}{path}").status_code for path in paths} == {403}
    assert client.post(f"{there}plan/ready/").status_code == 403


# --- undertakings beside the programme ---------------------------------------------------------------


def test_an_undertaking_has_a_page_and_the_list_says_which_are_not_reconciled(project: Project) -> None:
    programme, client = project.programme, pmo(project.programme)
    row = LinkedInitiative.objects.create(programme=programme, key="ict", name_fi="ICT-muutoshanke")
    assert 'data-reconciled="due"' in text_of(client, f"{BASE}/projects/")

    sent(
        client, f"{BASE}/undertakings/ict/edit/", contact_name="Aino Yhteys", reconciled_on="1.10.2023",
        coordinator=str(make_member(programme, "pmo").pk), reconciled_note="Sovittu vastuut",
    )  # fmt: skip

    page = text_of(client, f"{BASE}/undertakings/ict/")
    assert "Aino Yhteys" in page and "Sovittu vastuut" in page and 'data-reconciled="ok"' in page
    Setting.objects.create(
        scope="ohjelma", key="projects.reconcile_months", value=5, valid_from="2024-01-01", reason="Tiheämmin"
    )
    assert 'data-reconciled="due"' in text_of(client, f"{BASE}/projects/")
    sent(client, f"{BASE}/undertakings/add/", name_fi="RRP-hanke")
    assert LinkedInitiative.objects.exclude(pk=row.pk).get().key == "rrp-hanke"


# --- closing -----------------------------------------------------------------------------------------


def test_closing_names_open_milestones_and_missing_lessons_and_sets_the_day(project: Project) -> None:
    client = pmo(project.programme)
    make_milestone(project)
    assert "Käyttöönotto" in text_of(client, f"{PAGE}close/")

    refused = sent(client, f"{PAGE}close/", state="done")
    assert refused.status_code == 422
    assert refused.context["form"].errors["state"] == [
        "These milestones are not done: Käyttöönotto.", "No lessons learned are written yet.",
    ]  # fmt: skip
    project.refresh_from_db()
    assert (project.state, project.closed_on) == ("planned", None)
    assert sent(client, f"{PAGE}close/", state="done", close_anyway="on").status_code == 302
    project.refresh_from_db()
    assert (project.state, project.closed_on) == ("done", TODAY)

    sent(client, f"{PAGE}edit/", state="running")

    project.refresh_from_db()
    assert (project.state, project.closed_on) == ("running", None)


def test_the_page_makes_as_many_statements_however_much_there_is(
    project: Project, django_assert_max_num_queries: Any
) -> None:
    client = pmo(project.programme)
    client.get(PAGE)
    for at in range(12):
        ChangeElement.objects.create(programme=project.programme, key=f"e{at}", name_fi=f"Tekijä {at}")
        make_milestone(project, key=f"m{at}")

    with django_assert_max_num_queries(40):
        client.get(PAGE)
