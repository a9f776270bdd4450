"""Illustrative monthly updates, a stated light, questions of the report form, and the deviations that follow.

Nothing here comes from the county: rows are marked so. Written once for a programme; what people change afterwards
stays.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from core.history import own_context
from core.periods import next_month, previous_month
from programme.deviations import find
from programme.models import (
    Deviation,
    LightOverride,
    Programme,
    Project,
    ReportQuestion,
    StatusAnswer,
    StatusUpdate,
)
from programme.projects.lights import lights_of
from programme.updates.months import due_month
from programme.updates.selectors import asked

REASON = "illustrative monthly updates"
QUESTIONS = (
    (
        "huomaa", "Mitä asiakas tai henkilöstö huomaa jo nyt?", "Vad märker klienterna eller personalen redan nu?",
        "What do clients or staff notice already?",
    ),
    (
        "tarve", "Mitä tarvitset ohjausryhmältä?", "Vad behöver du av styrgruppen?",
        "What do you need from the steering group?",
    ),
)  # fmt: skip
#: Last month's words and next steps, and this month's; for the projects in turn.
WORDS = (
    (
        "Pilotti käynnissä kahdessa yksikössä.",
        "Koulutetaan loput esihenkilöt.",
        "Pilotti laajeni neljään yksikköön.",
    ),
    (
        "Hankinta-asiakirjat lausunnolla.",
        "Kilpailutus auki kuun lopussa.",
        "Lausunnot saatu, kilpailutus alkaa.",
    ),
    ("Yhteistoiminta aloitettu.", "Sovitaan siirtymäajasta.", "Neuvottelut jatkuvat, siirtymäaika auki."),
)
ANSWERS = ("Jonotusaika lyheni pilottiyksiköissä.", "Päätös siirtymäajan rahoituksesta.")


def write_updates(programme: Programme) -> int:
    """How many updates were written: last month's of every running project, this month's of every other one."""
    projects = list(asked(programme).filter(is_illustrative=True).select_related("manager"))
    if not projects or StatusUpdate.objects.filter(programme=programme).exists():
        return 0
    with transaction.atomic(), own_context(reason=REASON):
        month, questions = due_month(programme), _questions(programme)
        _state_one(programme, projects[0])
        lights = lights_of(projects, programme=programme)
        count = 0
        for at, project in enumerate(projects):
            stored = {name: shown.as_stored for name, shown in lights[project.pk].items()}
            before, after, now = WORDS[at % len(WORDS)]
            _give(project, previous_month(month), before, after, _earlier(stored, at), questions)
            count += 1
            if at % 2:
                _give(project, month, now, after, stored, questions)
                count += 1
        find(programme, programme.today(), kinds=["milestone_slipped", "forecast_missed", "light_turned"])
        _act_on_first(programme)
        return count


def _questions(programme: Programme) -> list[ReportQuestion]:
    """The questions of the form, where the office has written none yet."""
    if not ReportQuestion.objects.filter(programme=programme).exists():
        ReportQuestion.objects.bulk_create(
            ReportQuestion(programme=programme, key=key, position=at, name_fi=fi, name_sv=sv, name_en=en)
            for at, (key, fi, sv, en) in enumerate(QUESTIONS, 1)
        )
    return list(ReportQuestion.objects.filter(programme=programme).order_by("position"))


def _earlier(stored: dict[str, Any], at: int) -> dict[str, Any]:
    """The lights as they could have been a month before: every third project's schedule was well then."""
    if at % 3 or "schedule" not in stored:
        return stored
    well = {"computed": "green", "code": "schedule_green", "params": {"count": 3}, "stated": None}
    return stored | {"schedule": stored["schedule"] | well}


def _give(
    project: Project,
    month: date,
    text: str,
    after: str,
    lights: dict[str, Any],
    questions: list[ReportQuestion],
) -> None:
    by = project.manager
    update = StatusUpdate(
        programme_id=project.programme_id, project=project, month=month, text=text, next_steps=after, lights=lights,
        given_by=by, given_at=_given_at(month), is_illustrative=True,
    ).stamp(by)  # fmt: skip
    update.save()
    StatusAnswer.objects.bulk_create(
        StatusAnswer(programme_id=project.programme_id, update=update, question=question, text=text).stamp(by)
        for question, text in zip(questions, ANSWERS, strict=False)
    )


def _given_at(month: date) -> datetime:
    """Noon of the fifth of the month after."""
    return timezone.make_aware(datetime.combine(next_month(month).replace(day=5), time(12)))


def _state_one(programme: Programme, project: Project) -> None:
    """One light stated otherwise, with its reason, for three weeks."""
    by = project.manager or get_user_model().objects.filter(username="pmo").first()
    today = programme.today()
    LightOverride(
        programme=programme, project=project, dimension="resources", light="green", given_on=today, given_by=by,
        holds_until=today + timedelta(days=21), reason="Havainnollistava: sijaiset on sovittu, nimet tulevat viikolla.",
    ).stamp(by).save()  # fmt: skip


def _act_on_first(programme: Programme) -> None:
    """Somebody has begun to act on the first of them."""
    row = Deviation.objects.filter(programme=programme, kind="milestone_slipped").order_by("pk").first()
    if row is not None:
        row.state = Deviation.State.IN_PROGRESS
        row.action = (
            "Havainnollistava: koulutus jaetaan kahteen ryhmään, toinen alkaa kahden viikon kuluttua."
        )
        row.save()
