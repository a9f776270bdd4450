"""Illustrative obstacles with the ways they went, and two weekly lists; made through the services, day by day.

Nothing here comes from the county. Acts of a role that nobody holds are left out: then the clock goes on alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from accounts.models import Notification
from core.workdays import add_workdays
from measures.models import Measure, Stage
from programme.models import Decision, DecisionLink, Programme, Project
from risks.escalation import services
from risks.escalation.levels import ladder_of, make_levels
from risks.escalation.rules import Deciders, may_decide, may_look_after, may_send_back
from risks.escalation.selectors import monday_of
from risks.escalation.ticking import climb, tick_programme
from risks.escalation.weekly import make_list
from risks.models import Obstacle

#: Stages in which a measure meets obstacles.
STAGES = (Stage.PLANNED, Stage.DECIDED, Stage.IN_DELIVERY)
LISTS = 2
#: Measures of each theme that meet some.
A_THEME = 3


@dataclass(frozen=True)
class Act:
    """What somebody did so many working days before today; `text` is what they wrote."""

    before: int
    kind: str
    role: str
    text: str = ""


@dataclass(frozen=True)
class Story:
    """An obstacle: its names, how many working days ago it was raised and by whom, and what people did."""

    names: tuple[str, str, str]
    before: int
    role: str = "measure"
    acts: tuple[Act, ...] = ()
    of_project: bool = False
    of_theme: bool = False


STORIES = (
    Story(
        ("Tietosuojan vaikutustenarviointi kesken", "Dataskyddskonsekvensbedömningen är inte klar",
         "Data protection impact assessment not finished"), 22,
    ),
    Story(
        ("Toimipisteverkon vaikutuksia ei ole arvioitu", "Nätverkets konsekvenser är inte bedömda",
         "Effects of the service network not assessed"), 9,
    ),
    Story(
        ("Järjestelmätoimittajan aikataulu viivästyy", "Systemleverantörens tidtabell fördröjs",
         "The system supplier is late"), 4,
    ),
    Story(
        ("Vuokrasopimuksen irtisanomisaika auki", "Hyresavtalets uppsägningstid är öppen",
         "Notice of the lease is open"), 41, "measure",
        (Act(38, "up", "pmo"), Act(35, "decide", "director", "Irtisanotaan kesäkuun lopussa; tilapalvelut hoitaa."),
         Act(20, "close", "pmo", "Irtisanomisilmoitus on annettu.")),
    ),
    Story(
        ("Rekrytointi ei täytä tehtäviä", "Rekryteringen fyller inte uppgifterna",
         "Recruitment does not fill the posts"), 60, "project",
        (Act(57, "up", "pmo"), Act(53, "up", "director"),
         Act(50, "decide", "steering", "Tehtävät avataan yhteiseen hakuun; kaksi vakanssia siirretään."),
         Act(30, "close", "pmo", "Haku on auki.")),
        of_project=True,
    ),
    Story(
        ("Asiakasmaksujen muutos odottaa lautakuntaa", "Ändringen av klientavgifterna väntar på nämnden",
         "Change of client fees waits for the committee"), 33, "measure",
        (Act(29, "up", "pmo"), Act(26, "back", "pmo", "Ratkaistaan ennen lautakuntaa: laskelma puuttuu."),
         Act(22, "up", "measure"), Act(18, "decide", "director", "Laskelma riittää; lautakuntaan huhtikuussa.")),
    ),
    Story(
        ("Kilpailutuksen valmistelijaa ei ole nimetty", "Ingen har utsetts att bereda upphandlingen",
         "Nobody has been named to prepare the tender"), 14, "measure",
        (Act(12, "decide", "theme", "Hankinta nimeää valmistelijan tällä viikolla."),),
        of_theme=True,
    ),
    Story(
        ("Henkilöstön kuuleminen on kesken", "Hörandet av personalen pågår", "Hearing of staff is under way"), 2,
    ),
    Story(
        ("Projektille ei ole saatu tiedon omistajaa", "Projektet saknar en ägare av uppgifterna",
         "The project has no owner of its data"), 16, "project", (Act(7, "up", "director"),), of_project=True,
    ),
    Story(
        ("Kotihoidon etäkäynneille ei ole laitteita", "Det saknas apparater för distansbesöken i hemvården",
         "No devices for remote visits of home care"), 47, "measure",
        (Act(44, "up", "pmo"), Act(39, "decide", "director", "Laitteet vuokrataan vuoden loppuun, hankinta syksyllä.")),
    ),
    Story(
        ("Laskutuksen liittymä ei ole valmis", "Gränssnittet för faktureringen är inte klart",
         "The interface of invoicing is not ready"), 27, "measure",
        (Act(20, "decide", "director", "Siirrytään väliaikaisesti kuukausilaskutukseen."),
         Act(8, "reopen", "pmo", "Kuukausilaskutus ei kata ostopalveluja.")),
    ),
    Story(
        ("Yhteispäivystyksen sopimus odottaa sairaanhoitopiiriä", "Avtalet om den gemensamma jouren väntar på svar",
         "The agreement on joint emergency care waits for an answer"), 36, "measure",
        (Act(33, "up", "pmo"), Act(30, "up", "director"),
         Act(27, "decide", "steering", "Sopimus allekirjoitetaan nykyisin ehdoin; ehdot avataan vuoden lopussa.")),
    ),
)  # fmt: skip


def write_obstacles(programme: Programme, today: date, count: int = len(STORIES)) -> int:
    """Tells the first `count` stories up to today, and gives the lists of the latest Mondays; how many obstacles."""
    measures = _measures(programme)
    if not measures:
        return 0
    make_levels(programme)
    projects = list(Project.objects.filter(programme=programme).select_related("theme").order_by("pk")[:6])
    told: dict[int, Obstacle] = {}
    cast = _Cast(programme)
    for day, _order, play in sorted(
        _plays(programme, measures, projects, told, cast, today, count), key=lambda row: row[:2]
    ):
        play(day)
    tick_programme(programme, today=today)
    _notices(programme, [row.pk for row in told.values()]).exclude(dedupe_key__contains="-step-").delete()
    return len(told)


def _notices(programme: Programme, ids: Iterable[int]) -> Any:
    """What people were told of those obstacles; only what still waits for an answer is worth showing."""
    about = Q(pk__in=[])
    for pk in ids:
        about |= Q(dedupe_key__startswith=f"obstacle-{pk}-")
    return Notification.objects.filter(about, programme=programme)


Play = tuple[date, int, Callable[[date], object]]


def _plays(
    programme: Programme, measures: list[Measure], projects: list[Project], told: dict[int, Obstacle], cast: _Cast,
    today: date, count: int,
) -> list[Play]:  # fmt: skip
    """Everything that happens, with its day and its order on that day."""
    plays: list[Play] = []
    for at, story in enumerate(STORIES[:count]):
        about = _about(story, at, measures, projects, cast)
        plays.append((add_workdays(today, -story.before), at, _raising(story, about, cast, told, at)))
        plays += [(add_workdays(today, -act.before), at, _acting(act, cast, told, at)) for act in story.acts]
    mondays = [monday_of(today) - timedelta(weeks=back) for back in range(LISTS)]
    plays += [(day, -1, _giving(programme)) for day in mondays]
    return plays


def _giving(programme: Programme) -> Callable[[date], object]:
    def play(day: date) -> None:
        tick_programme(programme, today=day)
        make_list(programme, today=day)

    return play


def _about(
    story: Story, at: int, measures: list[Measure], projects: list[Project], cast: _Cast
) -> Measure | Project:
    """What the obstacle of a story stops."""
    if story.of_project and projects:
        return projects[at % len(projects)]
    led = [row for row in measures if story.of_theme and row.goal.theme_id in cast.themes]
    found = led or measures
    return found[at % len(found)]


def _raising(
    story: Story, about: Measure | Project, cast: _Cast, told: dict[int, Obstacle], at: int
) -> Callable[[date], object]:
    def play(day: date) -> None:
        by = about.owner if isinstance(about, Measure) else about.manager
        row = services.raise_obstacle(
            name=story.names[0], language="fi", on=day, by=by or cast.of(story.role), is_illustrative=True,
            measure=about if isinstance(about, Measure) else None,
            project=about if isinstance(about, Project) else None,
        )  # fmt: skip
        row.name_sv, row.name_en = story.names[1:]
        row.save(update_fields=["name_sv", "name_en"])
        told[at] = row

    return play


def _acting(act: Act, cast: _Cast, told: dict[int, Obstacle], at: int) -> Callable[[date], object]:
    def play(day: date) -> None:
        cast.do(act, told[at], day)

    return play


class _Cast:
    """The demonstration accounts by role, and what they may do."""

    def __init__(self, programme: Programme) -> None:
        self._ladder = ladder_of(programme)
        self._deciders = Deciders(programme, self._ladder)
        people = get_user_model().objects.filter(is_demo=True, grants__programme=programme)
        self._people = {role: person for person, role in _with_roles(people, programme)}
        theme = self._people.get("theme")
        grants = theme.grants.filter(programme=programme, role="theme") if theme else ()
        self.themes = {grant.theme_id for grant in grants}

    def of(self, role: str) -> Any:
        return self._people.get(role)

    def do(self, act: Act, obstacle: Obstacle, day: date) -> None:
        """Does the act when its role is held by somebody who may do it on the level the obstacle is on now."""
        by = self.of(act.role)
        if by is None:
            return
        climb(obstacle.pk, self._ladder, self._deciders, day)
        row, ladder = services.locked(obstacle.pk), self._ladder
        is_open = row.state in services.WAITING
        if act.kind == "decide" and is_open and may_decide(by, row, ladder):
            body = ladder.settled(row.level).body
            services.decide(obstacle=row, body=body, answer=act.text, by=by, on=day)
        elif act.kind == "up" and is_open and may_look_after(by, row, ladder) and ladder.above(row.level):
            services.take_up(obstacle=row, by=by, on=day)
        elif act.kind == "back" and is_open and may_send_back(by, row, ladder):
            services.send_back(obstacle=row, by=by, note=act.text, on=day)
        elif act.kind == "close" and row.state == Obstacle.State.DECIDED:
            services.close(obstacle=row, by=by, note=act.text, on=day)
        elif act.kind == "reopen" and not is_open:
            services.reopen(obstacle=row, by=by, note=act.text, on=day)


def _with_roles(people: Any, programme: Programme) -> list[tuple[Any, str]]:
    return [
        (person, grant.role)
        for person in people.distinct().order_by("pk")
        for grant in person.grants.filter(programme=programme)
    ]


def _measures(programme: Programme) -> list[Measure]:
    """Illustrative measures that meet obstacles, a few from each theme."""
    rows = Measure.objects.filter(programme=programme, is_illustrative=True, stage__in=STAGES)
    found = list(rows.select_related("goal__theme", "owner").order_by("code"))
    seen: Counter[int] = Counter()
    placed = []
    for row in found:
        seen[row.goal.theme_id] += 1
        if seen[row.goal.theme_id] <= A_THEME:
            placed.append((seen[row.goal.theme_id], row.code, row))
    return [row for _place, _code, row in sorted(placed, key=lambda one: one[:2])]


def forget_obstacles(programme: Programme) -> None:
    """Takes the illustrative obstacles away with the decisions that answered them; lists that were given stay."""
    rows = Obstacle.objects.filter(programme=programme, is_illustrative=True)
    kind = ContentType.objects.get_for_model(Obstacle)
    links = DecisionLink.objects.filter(
        programme=programme, content_type=kind, object_id__in=rows.values("pk")
    )
    decisions = list(
        Decision.objects.filter(
            Q(pk__in=links.values("decision")) | Q(pk__in=rows.values("decision")), is_illustrative=True
        ).values_list("pk", flat=True)
    )
    _notices(programme, rows.values_list("pk", flat=True)).delete()
    rows.delete()
    Decision.objects.filter(pk__in=decisions).delete()
