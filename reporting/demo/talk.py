"""Illustrative talk: comments with names, a question that waits, proposals with their answers. Written once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from core.models import Comment
from core.talk import services
from measures.models import Measure, Proposal
from programme.models import Goal, Programme, Project, Sector
from risks.models import Risk

HOME = "kymenlaakso"

#: Subject, text, goal's theme, sector, days ago, state, answer.
PROPOSALS = (
    (
        "Yhteiset ajot osastojen välille", "Samat tavarat haetaan kahdesti päivässä. Yksi kierros riittäisi.",
        "digi", None, 6, Proposal.State.NEW, "",
    ),
    (
        "Etävastaanotto myös lauantaisin", "Moni perheellinen pääsee asioimaan vain viikonloppuna.",
        None, "tespa", 19, Proposal.State.LOOKED_AT, "",
    ),
    (
        "Paperisten lomakkeiden lopettaminen kotihoidossa", "Samat tiedot kirjataan kahteen kertaan.",
        "digi", None, 41, Proposal.State.ACCEPTED, "Kiitos, tästä tuli toimenpide.",
    ),
    (
        "Toisen tulostuspalvelun hankinta", "Nykyinen on hidas.",
        None, None, 55, Proposal.State.DECLINED,
        "Sopimus on voimassa vuoden loppuun. Asia otetaan esiin, kun kilpailutus alkaa.",
    ),
)  # fmt: skip


def write_talk(programme: Programme) -> int:
    """Comments and proposals of the demo accounts; how many, 0 where they are already."""
    people = {one.username: one for one in get_user_model().objects.filter(is_demo=True)}
    owned = Measure.objects.filter(programme=programme, is_illustrative=True, owner=people.get("measure"))
    measures = list(owned.order_by("code")[:3])
    written = Comment.objects.filter(programme=programme, is_illustrative=True).exists()
    if programme.slug != HOME or written or len(measures) < 3 or not {"pmo", "staff", "theme"} <= set(people):
        return 0
    with transaction.atomic():
        return _comments(programme, measures, people) + _proposals(programme, measures[2], people)


def _comments(programme: Programme, measures: list[Measure], people: dict[str, Any]) -> int:
    first, second, third = measures
    for row in measures:
        row.programme = programme
    shown: dict[str, Any] = {"is_illustrative": True}
    services.comment(
        about=first, by=people["pmo"], needs_answer=True,
        text="@Mikko Toimenpide, milloin ensimmäinen yksikkö aloittaa? Tarvitsen päivän johtoryhmän listaan.",
        mentioned=[people["measure"]], **shown,
    )  # fmt: skip
    asked = services.comment(
        about=second, by=people["controller"], needs_answer=True, mentioned=[people["measure"]],
        text="@Mikko Toimenpide, onko vuokrasopimuksen irtisanominen jo tehty?", **shown,
    )  # fmt: skip
    services.comment(
        about=second,
        by=people["measure"],
        answers=asked,
        text="On, irtisanomisaika päättyy kesäkuussa.",
        **shown,
    )
    services.comment(
        about=second,
        by=people["staff"],
        text="Voisiko kalusteet siirtää suoraan uuteen toimipisteeseen?",
        **shown,
    )
    wrong = services.comment(about=third, by=people["project"], text="Väärä toimenpide.", **shown)
    services.remove(row=wrong, by=people["project"])
    services.follow(about=first, user=people["director"], want="follow")
    services.follow(about=first, user=people["pmo"], want="follow")
    services.follow(about=third, user=people["measure"], want="mute")
    count = 5
    for about, by, text in (
        (Project.objects.filter(programme=programme, manager=people["project"]).first(), "theme",
         "@Petra Projekti, sovitaan riippuvuudesta ict-hankkeeseen ensi viikolla."),
        (Risk.objects.filter(programme=programme).order_by("number").first(), "director",
         "Käsitellään seuraavassa johtoryhmässä."),
    ):  # fmt: skip
        if about is not None:
            about.programme = programme
            named = [people["project"]] if text.startswith("@") else []
            services.comment(about=about, by=people[by], text=text, mentioned=named, **shown)
            count += 1
    return count


def _proposals(programme: Programme, became: Measure, people: dict[str, Any]) -> int:
    today = programme.today()
    for subject, text, theme, sector, ago, state, answer in PROPOSALS:
        goals = Goal.objects.filter(programme=programme, theme__key=theme, parent=None).order_by("number")
        answered = state in (Proposal.State.ACCEPTED, Proposal.State.DECLINED)
        Proposal.objects.create(
            programme=programme, subject=subject, text=text, goal=goals.first() if theme else None,
            sector=Sector.objects.filter(programme=programme, key=sector).first() if sector else None,
            proposed_by=people["staff"], proposed_on=today - timedelta(days=ago), state=state, answer=answer,
            answered_by=people["pmo"] if answered else None,
            answered_on=today - timedelta(days=ago - 5) if answered else None,
            measure=became if state == Proposal.State.ACCEPTED else None, is_illustrative=True,
        )  # fmt: skip
    return len(PROPOSALS)
