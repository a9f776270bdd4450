"""What a project's plan has and lacks, and the rules of the database on it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from programme.models import PlanPart, Project, ProjectPlanPart
from programme.projects.plans import accept_plan, accept_plan_part, begin_plan
from programme.projects.selectors import missing_parts, plan_of, projects
from tests.factories.accounts import make_member
from tests.factories.projects import PARTS, TODAY, make_planning, make_project, write_part

pytestmark = pytest.mark.django_db

State = ProjectPlanPart.State


def refused(constraint: str, **fields: Any) -> None:
    project = Project.objects.get()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write_part(project, PARTS[0], **fields)


def test_parts_come_from_the_rows_of_the_programme() -> None:
    project = make_project()
    assert [line.part.key for line in plan_of(project).lines] == list(PARTS)

    PlanPart.objects.create(programme=project.programme, key="riskit", position=7, name_fi="riskit")

    assert [line.part.key for line in plan_of(project).lines] == [*PARTS, "riskit"]


def test_a_plan_tells_by_name_what_it_lacks() -> None:
    project = make_project()
    for key in PARTS[:4]:
        write_part(project, key)

    plan = plan_of(project)

    assert (plan.there, plan.is_whole, plan.is_accepted) == (4, False, False)
    assert plan.missing_names == "yhteydet ja muutosvaikutukset"
    assert [part.key for part in missing_parts(project.programme, [project])[project.pk]] == list(PARTS[4:])


def test_a_plan_is_whole_only_when_every_part_is_there() -> None:
    project = make_project()
    for key in PARTS[:5]:
        write_part(project, key)
    row = write_part(project, PARTS[5], text="  \n ")
    assert plan_of(project).is_whole is False

    row.text_sv = "På svenska"
    row.save()

    assert plan_of(project).is_whole is True
    assert missing_parts(project.programme, [project]) == {project.pk: []}


def test_a_programme_that_asks_for_no_parts_has_no_whole_plans() -> None:
    project = make_project()
    PlanPart.objects.all().delete()

    assert (plan_of(project).lines, plan_of(project).is_whole) == ([], False)


def test_the_states_of_a_part() -> None:
    project = make_project()
    by = make_member(project.programme)
    empty = write_part(project, PARTS[0], text="", written_on=None)
    written = write_part(project, PARTS[1])
    accepted = write_part(project, PARTS[2], accepted_on=TODAY, accepted_by=by)

    assert [row.state for row in (empty, written, accepted)] == [State.MISSING, State.WRITTEN, State.ACCEPTED]


def test_a_part_stands_once_in_a_plan() -> None:
    write_part(make_project(), PARTS[0])

    refused("programme_projectplanpart_once")


def test_only_what_is_written_is_accepted_and_by_somebody() -> None:
    by = make_member(make_project().programme)

    refused("programme_projectplanpart_accepted", text="", accepted_on=TODAY, accepted_by=by)
    refused("programme_projectplanpart_accepted", accepted_on=TODAY)
    assert write_part(Project.objects.get(), PARTS[0], accepted_on=TODAY, accepted_by=by).pk


def test_beginning_a_plan_twice_makes_its_parts_once() -> None:
    project = make_project()
    by = make_member(project.programme)
    write_part(project, PARTS[0])

    assert begin_plan(project=project, by=by) == 5
    assert begin_plan(project=project, by=by) == 0
    assert plan_of(project).there == 1


def test_a_plan_that_lacks_parts_is_not_accepted_and_says_which() -> None:
    project = make_project()
    by = make_member(project.programme)
    for key in PARTS[:5]:
        write_part(project, key)

    with pytest.raises(ValidationError, match="muutosvaikutukset"):
        accept_plan(project=project, by=by, on=TODAY)
    assert ProjectPlanPart.objects.exclude(accepted_on=None).count() == 0

    write_part(project, PARTS[5])
    accept_plan(project=project, by=by, on=TODAY)

    assert plan_of(project).is_accepted
    assert plan_of(project).accepted_on == TODAY


def test_an_empty_part_is_not_accepted() -> None:
    project = make_project()
    row = write_part(project, PARTS[0], text="", written_on=None)

    with pytest.raises(ValidationError):
        accept_plan_part(row=row, by=make_member(project.programme), on=TODAY)


def test_a_part_accepted_before_keeps_its_day_and_name() -> None:
    project = make_project()
    first, second = make_member(project.programme), make_member(project.programme)
    row = write_part(project, PARTS[0], accepted_on=TODAY.replace(day=1), accepted_by=first)

    accept_plan_part(row=row, by=second, on=TODAY)

    row.refresh_from_db()
    assert (row.accepted_on, row.accepted_by) == (TODAY.replace(day=1), first)


def test_the_list_counts_parts_and_milestones_apart(django_assert_num_queries: Any) -> None:
    project = make_project(make_planning("toinen"))
    for key in PARTS[:2]:
        write_part(project, key)
    for number in range(3):
        project.milestones.create(
            programme=project.programme, key=f"m{number}", name_fi="M", baseline_on=TODAY
        )

    with django_assert_num_queries(1):
        (row,) = projects(project.programme)

    assert (row.parts_there, row.milestone_count) == (2, 3)


def test_every_change_of_a_part_is_kept() -> None:
    project = make_project()
    row = write_part(project, PARTS[0], text="Eka")
    row.text_fi = "Toka"
    row.save()

    texts = list(row.events.order_by("pgh_id").values_list("pgh_label", "text_fi", "version"))

    assert texts == [("insert", "Eka", 1), ("update", "Toka", 2)]
