"""Illustrative plans of the illustrative projects: answers, checklists, effects on staff, lessons, stakeholders.

Nothing here comes from the county: rows are marked so where their table has the mark, the others hang on projects
that have it. Written once for a programme that has none; what people change afterwards stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from core.history import own_context
from programme.models import (
    ChangeElement,
    ChangeElementCheck,
    CommunicationItem,
    LessonLearned,
    LinkedInitiative,
    PhaseAnswer,
    PhaseQuestion,
    Programme,
    Project,
    StaffEffect,
    Stakeholder,
)
from programme.projects.plans import declare_ready
from programme.projects.selectors import plan_of
from programme.projects.stakeholders import tell

REASON = "illustrative plans"

#: Answers by their order among the questions of all phases.
ANSWERS = (
    "Jonotusaika lyhenee puoleen ja ostopalvelujen osuus pienenee.",
    "Kuukausittain asiakkuuksien, jonojen ja ostojen mittareilla.",
    "Projektipäällikkö johtaa, ohjelmatoimisto tukee muutosta.",
    "Toiminnan muutos, tietojärjestelmät ja henkilöstön koulutus.",
    "Tarkemmat tavoitteet on kirjattu suunnitelman ensimmäiseen osaan.",
)
COMMENTS = (
    "Vaiheistus on sovittu johtoryhmässä; ensimmäinen vaihe on rajattu kahteen yksikköön.",
    "Lopputuotokset ja niiden hyödyt on kirjattu mittareiksi.",
    "Varahenkilö puuttuu tietojärjestelmän käyttöönotosta.",
    "Viikkotahti yhteisten projektien kanssa.",
)
#: Days before today, group, direction, what was seen, what is done.
EFFECTS = (
    (
        75,
        "Vastaanottojen hoitajat",
        "worse",
        "Kahden järjestelmän rinnakkaiskäyttö kuormittaa.",
        "Rinnakkaiskäyttö lyhennetään kahteen viikkoon.",
    ),
    (40, "Vastaanottojen hoitajat", "same", "Työ siirtyy puhelimesta etäpalveluun.", ""),
    (12, "Neuvonnan henkilöstö", "better", "Takaisinsoitot vähenivät kolmanneksen.", ""),
)
LESSONS = (
    (
        30,
        "worked",
        "Superkäyttäjät koulutettiin ennen muita",
        "Varaa jokaiseen yksikköön kaksi superkäyttäjää ja heille työaikaa.",
    ),
    (
        20,
        "improve",
        "Tietosuojan vaikutustenarviointi aloitettiin liian myöhään",
        "Aloita arviointi samalla kun suunnitelma kirjoitetaan.",
    ),
    (10, "worked", "Yhteinen viikkopalaveri kahden projektin kesken poisti päällekkäisen työn", ""),
)
#: Names, interest, influence, what they expect, then subject, channel, days from today, whether told.
STAKEHOLDERS = (
    (("Alueen kunnat", "Kommunerna i området", "Municipalities of the area"), "high", "high",
     "Palveluverkon muutoksista kerrotaan ennen päätöksiä.",
     (("Palveluverkon luonnos kuntajohtajille", "Kokous", -20, True),
      ("Kuntakierros palveluverkosta", "Tapaaminen", 10, False))),
    (("Henkilöstöjärjestöt", "Personalorganisationerna", "Staff organisations"), "high", "medium",
     "Muutokset käsitellään yhteistoiminnassa hyvissä ajoin.",
     (("Kuukausikatsaus yhteistoimintaryhmälle", "Kokous", -6, False),)),
    (("Asukkaat", "Invånarna", "Residents"), "medium", "medium", "",
     (("Verkkotiedote uusista palveluista", "Verkkosivut ja sanomalehti", 18, False),)),
)  # fmt: skip
PARTIES = (
    (("Vastaanottojen henkilöstö", "Mottagningarnas personal", "Staff of the practices"), "high", "medium",
     "Koulutus ennen käyttöönottoa.",
     (("Koulutuspäivien kutsu", "Sähköposti", -9, False), ("Käyttöönoton ohje", "Intranet", 12, False))),
    (("Potilasjärjestöt", "Patientorganisationerna", "Patients' organisations"), "medium", "low", "",
     (("Asiakasraadin tilaisuus", "Tapaaminen", -30, True),)),
)  # fmt: skip
CONTACTS = (("Esimerkki Ilona", 40), ("Esimerkki Otso", 250), ("", 0))


def write_plans(programme: Programme, *, by: Any = None) -> int:
    """How many rows were written; 0 where there are some already, or no illustrative projects.

    `by` writes where the programme has no person of the office.
    """
    if Stakeholder.objects.filter(programme=programme).exists():
        return 0
    projects = list(Project.objects.filter(programme=programme, is_illustrative=True).order_by("pk"))
    if not projects:
        return 0
    people = _people(programme)
    by, today = people.get("pmo") or by or next(iter(people.values()), None), programme.today()
    if by is None:
        return 0
    with transaction.atomic(), own_context(user=by.pk, reason=REASON):
        _ready(projects, by, today)
        written = _answers(projects, today)
        written += _checks(projects, today)
        written += _rows(projects, today)
        written += _tell_stakeholders(programme, projects, people, today)
        _reconcile(programme, people, today)
    return written


def _people(programme: Programme) -> dict[str, Any]:
    """The demo's people of the programme by role."""
    roles = ("pmo", "project", "theme", "director")
    rows = get_user_model().objects.filter(grants__programme=programme, grants__role__in=roles)
    return {
        row.grants.filter(programme=programme).order_by("id")[0].role: row
        for row in rows.distinct().order_by("-pk")
    }


def _ready(projects: Sequence[Project], by: Any, today: date) -> None:
    """Every second plan that is whole has been said to be ready."""
    whole = [row for row in projects if plan_of(row).is_whole]
    for project in whole[::2]:
        declare_ready(project=project, by=by, on=today - timedelta(days=21))


def _answers(projects: Sequence[Project], today: date) -> int:
    questions = list(
        PhaseQuestion.objects.filter(programme=projects[0].programme_id, is_closed=False)
        .select_related("phase")
        .order_by("phase__number", "position", "id")
    )
    made = [
        PhaseAnswer(
            programme_id=project.programme_id, project=project, question=question, text=text,
            answered_on=today - timedelta(days=60 - 9 * at),
        )
        for order, project in enumerate(projects)
        for at, (question, text) in enumerate(zip(questions, ANSWERS, strict=False))
        if question.phase.number < project.phase_number or (question.phase.number == 1 and order % 3 < 2)
    ]  # fmt: skip
    return len(PhaseAnswer.objects.bulk_create(made, ignore_conflicts=True))


def _checks(projects: Sequence[Project], today: date) -> int:
    elements = list(ChangeElement.objects.filter(programme=projects[0].programme_id, is_closed=False))
    made = [
        ChangeElementCheck(
            programme_id=project.programme_id, project=project, element=element, is_done=at != 2,
            comment=COMMENTS[at], checked_on=today - timedelta(days=10 + at),
        )
        for order, project in enumerate(projects)
        for at, element in enumerate(elements[: (4, 2, 0)[order % 3]])
    ]  # fmt: skip
    return len(ChangeElementCheck.objects.bulk_create(made, ignore_conflicts=True))


def _rows(projects: Sequence[Project], today: date) -> int:
    """Effects on staff of the first project, lessons of the first three."""
    first = projects[0]
    effects = [
        StaffEffect(
            programme_id=first.programme_id, project=first, seen_on=today - timedelta(days=days), group=group,
            direction=direction, text=text, action=action, is_illustrative=True,
        )
        for days, group, direction, text, action in EFFECTS
    ]  # fmt: skip
    lessons = [
        LessonLearned(
            programme_id=project.programme_id, project=project, noted_on=today - timedelta(days=days), kind=kind,
            subject=subject, recommendation=advice, is_illustrative=True,
        )
        for project, (days, kind, subject, advice) in zip(projects, LESSONS, strict=False)
    ]  # fmt: skip
    return len(StaffEffect.objects.bulk_create(effects)) + len(LessonLearned.objects.bulk_create(lessons))


def _tell_stakeholders(
    programme: Programme, projects: Sequence[Project], people: dict[str, Any], today: date
) -> int:
    """Stakeholders of the programme with the office, those of the first project with its manager."""
    written = 0
    for project, owner, rows in (
        (None, people.get("pmo"), STAKEHOLDERS),
        (projects[0], people.get("project") or people.get("pmo"), PARTIES),
    ):
        for names, interest, influence, expects, items in rows:
            whom = Stakeholder.objects.create(
                programme=programme, project=project, interest=interest, influence=influence, expects=expects,
                owner=owner, is_illustrative=True, name_fi=names[0], name_sv=names[1], name_en=names[2],
            )  # fmt: skip
            written += 1
            for subject, channel, days, is_told in items:
                item = CommunicationItem.objects.create(
                    programme=programme, project=project, stakeholder=whom, subject=subject, channel=channel,
                    planned_on=today + timedelta(days=days), owner=owner, is_illustrative=True,
                )  # fmt: skip
                written += 1
                if is_told:
                    tell(item=item, by=owner, on=item.planned_on)
    return written


def _reconcile(programme: Programme, people: dict[str, Any], today: date) -> None:
    """Contacts of the undertakings beside the programme; one was reconciled lately, one long ago, one never."""
    rows = LinkedInitiative.objects.filter(programme=programme, contact_name="", reconciled_on=None)
    for row, (name, days) in zip(rows, CONTACTS, strict=False):
        if name:
            row.contact_name, row.coordinator = name, people.get("pmo")
            row.reconciled_on = today - timedelta(days=days)
            row.reconciled_note = (
                "Yhteiset toimenpiteet ja aikataulut käytiin läpi (havainnollistava esimerkki)."
            )
            row.save(update_fields=["contact_name", "coordinator", "reconciled_on", "reconciled_note"])
