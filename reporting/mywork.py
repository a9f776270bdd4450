"""My work: what is asked of one person this month, by them and of them, oldest first.

Every group is one question to the database, however many rows, programmes and roles there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.models import Draft
from core.money import format_eur
from core.periods import format_date, format_month, next_month
from core.permissions import can, grants_of, may_somewhere, roles_in
from core.templatetags.ui import plain_text, with_unit
from core.waiting import Waiting, waiting_for
from kpis.values.entering import waiting
from kpis.values.judging import asked_of
from kpis.values.periods import Period
from measures.gate_defaults import gates_of
from measures.models import Measure, SavingsEntry, Series, Stage
from measures.selectors.gates import DECIDE, asked_changes, asked_decisions, mine
from measures.selectors.updates import WORKING
from programme.models import Deviation, Milestone, PlanPart, Programme, Project, ProjectPlanPart
from programme.projects.selectors import ASKED, WRITTEN
from programme.updates.months import cut_off, due_month, ended_month
from programme.words import word
from reporting.updating import waiting_measures
from risks.escalation.levels import Ladder, ladder_of
from risks.escalation.rules import may_decide
from risks.escalation.selectors import waits_for
from risks.models import Obstacle
from strategy.okr.selectors import waiting_results

#: Age in days from which a task is called old.
OLD = 31
#: Rows of a lead's or the office's group that are named one by one.
NAMED = 12


@dataclass(frozen=True)
class Task:
    """One thing that waits: what, where, since when (None where no day is known), and what to do."""

    title: str
    url: str
    do: str | Promise
    detail: str = ""
    since: date | None = None
    age: int | None = None
    programme: Programme | None = None
    is_illustrative: bool = False
    due_on: date | None = None

    @property
    def age_words(self) -> str:
        if self.age is None or self.age < 0:
            return ""
        if self.age == 0:
            return _("today")
        return ngettext("%(n)s day", "%(n)s days", self.age) % {"n": self.age}

    @property
    def is_old(self) -> bool:
        return self.age is not None and self.age >= OLD


@dataclass(frozen=True)
class Group:
    """Tasks of one kind, oldest first; `more` of them are not named, `url` leads to all."""

    key: str
    heading: str | Promise
    tasks: list[Task]
    more: int = 0
    url: str = ""
    hint: str = ""

    @property
    def count(self) -> int:
        return len(self.tasks) + self.more


@dataclass(frozen=True)
class Owing:
    """An owner with measures nobody has updated this month; `email` is empty where none is known."""

    name: str
    email: str
    count: int
    url: str


@dataclass(frozen=True)
class Office:
    """For the programme office: who has not updated the month, and their addresses in one line."""

    programme: Programme
    month: str
    owing: list[Owing]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.owing)

    @property
    def emails(self) -> str:
        return "; ".join(sorted({one.email for one in self.owing if one.email}))


@dataclass(frozen=True)
class MyMeasure:
    """One measure of mine: the last month I claimed, and what the programme waits for."""

    measure: Measure
    programme: Programme
    last_claim: date | None
    tone: str
    step: str


@dataclass
class MyWork:
    """Everything that waits for one person in the programmes they see."""

    user: Any
    programmes: Sequence[Programme]

    @cached_property
    def by_id(self) -> dict[int, Programme]:
        return {programme.pk: programme for programme in self.programmes}

    def _where(self, action: str) -> list[Programme]:
        return [one for one in self.programmes if may_somewhere(self.user, action, one)]

    def _as(self, *roles: str) -> list[int]:
        """Programmes in which the person holds one of the roles."""
        return [one.pk for one in self.programmes if set(roles) & set(roles_in(self.user, one))]

    @cached_property
    def groups(self) -> list[Group]:
        """The groups that hold something, in the order of what presses."""
        found = [
            self._decisions(),
            self._updates(),
            self._answers(),
            self._claims(),
            self._findings(),
            self._values(),
            self._judgements(),
            self._check_ins(),
            self._drafts(),
            self._missing(),
            self._projects(),
            self._of_mine(),
            *self._of_other_apps(),
            self._raised(),
        ]
        return [group for group in found if group is not None and group.count]

    def _of_other_apps(self) -> list[Group]:
        """What apps told core.waiting of, each kind a group."""
        today = timezone.localdate()
        return [
            Group(
                kind.key,
                kind.title,
                [
                    Task(
                        row.text, row.url, row.do or _("Show"), row.detail, row.since,
                        _age(row, today), row.programme, row.is_illustrative, row.due_on,
                    )
                    for row in rows
                ],
            )
            for kind, rows in waiting_for(self.user, self.programmes)
        ]  # fmt: skip

    # --- decisions ----------------------------------------------------------------------------------

    def _decisions(self) -> Group | None:
        """Gates and changes of locked plans that wait for my decision. Three statements at most."""
        programmes = self._where(DECIDE)
        if not programmes:
            return None
        definitions = gates_of(programmes)
        tasks = []
        for row in mine(self.user, asked_decisions(programmes), definitions):
            programme = self.by_id[row.programme_id]
            stage = word(programme, f"stage.{row.to_stage}")
            url = reverse("measures:gate_decide", args=[programme.slug, row.measure.code])
            tasks.append(self._asked(row, programme, url, _("to the stage “%(stage)s”") % {"stage": stage}))
        for row in mine(self.user, asked_changes(programmes), definitions, stage=Stage.DECIDED):
            programme = self.by_id[row.programme_id]
            url = reverse("measures:plan_change_detail", args=[programme.slug, row.measure.code, row.pk])
            tasks.append(self._asked(row, programme, url, _("change of the locked plan")))
        return Group("decisions", gettext_lazy("Decisions that wait for you"), _oldest_first(tasks))

    @staticmethod
    def _asked(row: Any, programme: Programme, url: str, what: str) -> Task:
        since = timezone.localdate(row.asked_at)
        detail = f"{what} · {row.asked_by}" if row.asked_by else what
        return Task(
            f"{row.measure.code} {row.measure.name}", url, _("Decide"), detail, since,
            _days(since, timezone.localdate()), programme, row.measure.is_illustrative,
        )  # fmt: skip

    # --- measures of mine ---------------------------------------------------------------------------

    @cached_property
    def _my_rows(self) -> list[Any]:
        """Measures I own that are not over, with what is known of them. One statement."""
        ids = [one.pk for one in self._where("measure.view")]
        if not ids:
            return []
        plan = SavingsEntry.objects.filter(
            programme_id=OuterRef("programme_id"), line__measure=OuterRef("pk"), series=Series.PLAN
        )
        return list(
            Measure.objects.filter(owner=self.user, programme__in=ids)
            .exclude(stage__in=[Stage.WITHDRAWN, Stage.CLOSED])
            .annotate(last_claim=_last_claim(), has_plan=Exists(plan))
            .order_by("programme_id", "code")
        )

    @cached_property
    def _waiting_ids(self) -> set[int]:
        """Which of the measures I own wait for the due month's update. One statement."""
        mine = waiting_measures(self._where("update.give")) if self._where("update.give") else None
        return set() if mine is None else set(mine.filter(owner=self.user).values_list("pk", flat=True))

    @cached_property
    def measures(self) -> list[MyMeasure]:
        """Measures I own, those that wait first."""
        mine = []
        for measure in self._my_rows:
            programme = self.by_id[measure.programme_id]
            last = measure.last_claim
            if measure.stage in WORKING and measure.pk not in self._waiting_ids:
                tone, step = "ok", _("Up to date.")
            else:
                tone, step = next_step(measure.stage, last, today=programme.today())
            mine.append(MyMeasure(measure, programme, last, tone, step))
        order = {"warn": 0, "info": 1, "ok": 2, "none": 3}
        return sorted(mine, key=lambda row: order[row.tone])

    def _updates(self) -> Group:
        tasks = []
        for measure in self._my_rows:
            if measure.pk not in self._waiting_ids:
                continue
            programme = self.by_id[measure.programme_id]
            last = measure.last_claim
            first = next_month(next_month(last)) if last else next_month(due_month(programme))
            detail = (
                _("last given for %(month)s") % {"month": format_month(last)}
                if last
                else _("nothing given yet")
            )
            tasks.append(
                self._task(
                    measure,
                    programme,
                    reverse("reporting:measure_update", args=[programme.slug, measure.code]),
                    _("Update"),
                    detail,
                    first,
                    due_on=cut_off(programme, due_month(programme)),
                )  # fmt: skip
            )
        days = {cut_off(one, due_month(one)) for one in {task.programme for task in tasks if task.programme}}
        hint = _("to be given by %(day)s") % {"day": format_date(min(days))} if days else ""
        return Group(
            "updates", gettext_lazy("Monthly updates that wait for you"), _oldest_first(tasks), hint=hint
        )

    def _missing(self) -> Group:
        """Measures I own that lack their dates or their plan."""
        tasks = []
        for measure in self._my_rows:
            lacks = []
            if measure.starts_on is None or measure.ends_on is None:
                lacks.append(_("dates"))
            if not measure.has_plan:
                lacks.append(_("plan by month"))
            if measure.stage == Stage.ON_HOLD or not lacks:
                continue
            programme = self.by_id[measure.programme_id]
            url = reverse("measures:measure_detail", args=[programme.slug, measure.code])
            detail = _("missing: %(what)s") % {"what": ", ".join(lacks)}
            since = timezone.localdate(measure.created_at)
            tasks.append(
                self._task(measure, programme, url, _("Fill in"), detail, since, timezone.localdate())
            )
        return Group("missing", gettext_lazy("Measures of yours that lack something"), _oldest_first(tasks))

    @staticmethod
    def _task(
        measure: Measure, programme: Programme, url: str, do: str, detail: str, since: date | None,
        today: date | None = None, due_on: date | None = None,
    ) -> Task:  # fmt: skip
        return Task(
            f"{measure.code} {measure.name}", url, do, detail, since,
            _days(since, today or programme.today()), programme, measure.is_illustrative, due_on,
        )  # fmt: skip

    # --- obstacles ------------------------------------------------------------------------------------

    @cached_property
    def _ladders(self) -> dict[int, Ladder]:
        """The levels of escalation of each programme whose obstacles the person sees. One statement each."""
        return {one.pk: ladder_of(one) for one in self._where("risk.view")}

    @cached_property
    def _obstacles(self) -> list[Any]:
        """Open obstacles that I raised or that wait for my answer. One statement."""
        programmes = self._where("risk.view")
        if not programmes:
            return []
        asked = Q(pk__in=[])
        for one in programmes:
            asked |= Q(programme=one.pk) & waits_for(self.user, one, self._ladders[one.pk])
        open_now = Q(state__in=[Obstacle.State.RAISED, Obstacle.State.ESCALATED])
        rows = Obstacle.objects.filter(asked | Q(raised_by=self.user), open_now, programme__in=programmes)
        return list(rows.select_related("measure__goal", "project").order_by("raised_on", "pk").distinct())

    def _is_asked(self, row: Obstacle) -> bool:
        return may_decide(self.user, row, self._ladders[row.programme_id])

    def _answers(self) -> Group:
        rows = [row for row in self._obstacles if self._is_asked(row)]
        return Group(
            "answers", gettext_lazy("Obstacles that wait for your answer"), self._obstacle_tasks(rows)
        )

    def _raised(self) -> Group:
        rows = [
            row for row in self._obstacles if row.raised_by_id == self.user.pk and not self._is_asked(row)
        ]
        heading = gettext_lazy("Obstacles you raised that nobody has answered")
        return Group("raised", heading, self._obstacle_tasks(rows))

    def _obstacle_tasks(self, rows: Iterable[Obstacle]) -> list[Task]:
        tasks = []
        for row in rows:
            programme = self.by_id[row.programme_id]
            of = row.measure.code if row.measure else row.project.name if row.project else ""
            waits = _("waits for: %(level)s") % {"level": row.get_level_display()}
            tasks.append(
                Task(
                    row.name,
                    reverse("risks:obstacle_detail", args=[programme.slug, row.pk]),
                    _("Show"),
                    " · ".join(part for part in (of, waits) if part),
                    row.raised_on,
                    _days(row.raised_on, programme.today()),
                    programme,
                    row.is_illustrative,
                    row.due_on,
                )  # fmt: skip
            )
        return tasks

    # --- drafts, projects -----------------------------------------------------------------------------

    def _drafts(self) -> Group:
        """Forms I began and did not save."""
        today = timezone.localdate()
        tasks = [
            Task(
                draft.title or draft.key, draft.key, _("Go on"), "", timezone.localdate(draft.updated_at),
                _days(timezone.localdate(draft.updated_at), today),
            )
            for draft in Draft.objects.filter(user=self.user).defer("values").order_by("updated_at")
        ]  # fmt: skip
        return Group("drafts", gettext_lazy("What you began and did not save"), tasks)

    def _projects(self) -> Group | None:
        """Projects I manage that lack parts of their plan or have late milestones. One statement."""
        ids = [one.pk for one in self._where("project.view")]
        if not ids:
            return None
        rows = Project.objects.filter(manager=self.user, programme__in=ids).exclude(
            state__in=[Project.State.DONE, Project.State.STOPPED]
        )
        tasks = []
        for row in _with_lacks(rows, self.programmes):
            programme = self.by_id[row.programme_id]
            lacks = []
            if row.parts_wanted > row.parts_there:
                n = row.parts_wanted - row.parts_there
                lacks.append(
                    ngettext("%(n)s part of the plan is missing", "%(n)s parts of the plan are missing", n)
                    % {"n": n}
                )
            if row.late_count:
                lacks.append(
                    ngettext("%(n)s milestone is late", "%(n)s milestones are late", row.late_count)
                    % {"n": row.late_count}
                )
            if lacks:
                url = reverse("programme:project_detail", args=[programme.slug, row.slug])
                since = row.late_since
                tasks.append(
                    Task(
                        row.name,
                        url,
                        _("Mend"),
                        ", ".join(lacks),
                        since,
                        _days(since, programme.today()),
                        programme,
                        row.is_illustrative,
                    )  # fmt: skip
                )
        return Group("projects", gettext_lazy("Projects of yours that lack something"), _oldest_first(tasks))

    # --- what I lead, the controller, the office ---------------------------------------------------------

    def _of_mine(self) -> Group | None:
        """Measures under a theme, sector, segment or project I lead whose month nobody has given. One statement."""
        scope = Q()
        for grant in grants_of(self.user):
            paths = {
                "theme": "goal__theme",
                "sector": "lines__sector",
                "segment": "segments",
                "project": "project",
            }
            wanted = getattr(grant, f"{grant.role}_id", None) if grant.role in paths else None
            if wanted is not None:
                scope |= Q(**{paths[grant.role]: wanted})
        programmes = self._where("measure.view")
        if not scope or not programmes:
            return None
        ids = waiting_measures(programmes).filter(scope).exclude(owner=self.user).order_by().values("pk")
        rows = list(
            Measure.objects.filter(pk__in=ids)
            .select_related("owner")
            .annotate(last_claim=_last_claim())
            .order_by(F("last_claim").asc(nulls_first=True), "code")
        )
        tasks = []
        for measure in rows[:NAMED]:
            programme = self.by_id[measure.programme_id]
            last = measure.last_claim
            who = str(measure.owner) if measure.owner else _("owner missing")
            given = (
                _("last given for %(month)s") % {"month": format_month(last)}
                if last
                else _("nothing given yet")
            )
            url = reverse("measures:measure_detail", args=[programme.slug, measure.code])
            first = next_month(next_month(last)) if last else next_month(due_month(programme))
            tasks.append(self._task(measure, programme, url, _("Show"), f"{who} · {given}", first))
        return Group(
            "lead",
            gettext_lazy("Measures you lead that nobody has updated"),
            tasks,
            max(0, len(rows) - NAMED),
        )

    def _claims(self) -> Group | None:
        """For the controller: claims that nobody has confirmed or refused, by programme. One statement."""
        ids = self._as("controller")
        if not ids:
            return None
        rows = (
            SavingsEntry.objects.filter(programme__in=ids, series=Series.CLAIMED, decided_eur_cents=None)
            .order_by()
            .values("programme")
            .annotate(n=Count("pk"), oldest=Min("month"))
        )
        tasks = []
        for row in rows:
            programme = self.by_id[row["programme"]]
            title = ngettext(
                "%(n)s claim waits for confirmation", "%(n)s claims wait for confirmation", row["n"]
            )
            url = reverse("measures:confirmation_list", args=[programme.slug])
            since = next_month(row["oldest"])
            oldest = _("the oldest of %(month)s") % {"month": format_month(row["oldest"])}
            tasks.append(
                Task(
                    title % {"n": row["n"]},
                    url,
                    _("Show"),
                    oldest,
                    since,
                    _days(since, programme.today()),
                    programme,
                )  # fmt: skip
            )
        return Group("claims", gettext_lazy("Claims that wait for you"), _oldest_first(tasks))

    def _findings(self) -> Group | None:
        """Findings from the books that I am to explain. One statement."""
        ids = [one.pk for one in self._where("savings.view")]
        if not ids:
            return None
        rows = Deviation.objects.filter(
            owner=self.user, programme__in=ids, kind=Deviation.Kind.RECONCILIATION,
            state__in=[Deviation.State.OPEN, Deviation.State.IN_PROGRESS],
        ).order_by("due_on", "pk")  # fmt: skip
        tasks = []
        for row in rows:
            programme = self.by_id[row.programme_id]
            url = reverse("measures:reconciliation_findings", args=[programme.slug]) + f"#finding-{row.pk}"
            amount = format_eur(row.amount_eur_cents, decimals=0, with_unit=True)
            title = _("%(amount)s unexplained in the books") % {"amount": amount}
            age = _days(row.found_on, programme.today())
            tasks.append(Task(title, url, _("Explain"), "", row.found_on, age, programme, due_on=row.due_on))
        return Group("findings", gettext_lazy("Findings you are to explain"), _oldest_first(tasks))

    def _values(self) -> Group | None:
        """Values of indicators that others entered and I may approve. One statement."""
        programmes = self._where("kpi.approve")
        if not programmes:
            return None
        tasks = []
        for row in waiting(programmes).exclude(entered_by=self.user):
            programme = self.by_id[row.programme_id]
            since = timezone.localdate(row.created_at)
            tasks.append(
                Task(
                    f"{plain_text(row.indicator)} {Period.of(row)}",
                    reverse("kpis:value_detail", args=[programme.slug, row.pk]), _("Decide"),
                    with_unit(row.value, row.indicator.unit), since, _days(since, timezone.localdate()), programme,
                    row.is_illustrative,
                )
            )  # fmt: skip
        more, url = max(0, len(tasks) - NAMED), ""
        if more:
            url = reverse("kpis:value_queue", args=[programmes[0].slug])
        heading = gettext_lazy("Values of indicators that wait for approval")
        return Group("values", heading, _oldest_first(tasks)[:NAMED], more, url)

    def _judgements(self) -> Group | None:
        """Indicators of mine whose rule a person must answer. One statement."""
        programmes = self._where("kpi.judge")
        if not programmes:
            return None
        tasks = []
        for row in asked_of(self.user, programmes):
            if row.indicator is None:
                continue
            programme = self.by_id[row.programme_id]
            url = reverse("kpis:judgement_edit", args=[programme.slug, row.indicator_id, row.year])
            tasks.append(
                Task(plain_text(row.indicator), url, _("Judge"), str(row.year), None, None, programme)
            )
        return Group(
            "judgements",
            gettext_lazy("Indicators you are to judge"),
            tasks[:NAMED],
            max(0, len(tasks) - NAMED),
        )

    def _check_ins(self) -> Group | None:
        """Key results of mine that nobody has checked in on lately. Two statements and a programme's parameters."""
        programmes = self._where("okr.own")
        if not programmes:
            return None
        tasks = []
        today = timezone.localdate()
        for row in waiting_results(programmes, today, of=self.user):
            programme = self.by_id[row.programme_id]
            url = reverse("strategy:check_in", args=[programme.slug, row.pk])
            tasks.append(
                Task(
                    plain_text(row), url, _("Check in"), plain_text(row.objective), row.since, _days(row.since, today),
                    programme, row.objective.is_illustrative,
                )
            )  # fmt: skip
        heading = gettext_lazy("Key results that wait for your check-in")
        return Group("check_ins", heading, _oldest_first(tasks)[:NAMED], max(0, len(tasks) - NAMED))

    @cached_property
    def offices(self) -> list[Office]:
        """For the programme office: the owners who have not given the month. One statement."""
        programmes = [one for one in self.programmes if can(self.user, "measure.bulk", one)]
        if not programmes:
            return []
        owing = (
            waiting_measures(programmes)
            .order_by()
            .values("programme_id", "owner_id", "owner__first_name", "owner__last_name", "owner__username",
                    "owner__email")
            .annotate(n=Count("pk"))
        )  # fmt: skip
        found: dict[int, list[Owing]] = {one.pk: [] for one in programmes}
        for row in owing:
            programme = self.by_id[row["programme_id"]]
            full = f"{row['owner__first_name'] or ''} {row['owner__last_name'] or ''}".strip()
            name = full or row["owner__username"] or _("owner missing")
            url = (
                reverse("measures:measure_list", args=[programme.slug])
                + f"?owner={row['owner_id'] or 'none'}"
            )
            found[programme.pk].append(Owing(name, row["owner__email"] or "", row["n"], url))
        for rows in found.values():
            rows.sort(key=lambda owner: (-owner.count, owner.name))
        return [
            Office(one, format_month(due_month(one)), found[one.pk]) for one in programmes if found[one.pk]
        ]


def _last_claim() -> Subquery:
    claims = (
        SavingsEntry.objects.filter(
            programme_id=OuterRef("programme_id"), line__measure=OuterRef("pk"), series=Series.CLAIMED
        )
        .order_by()
        .values("line__measure")
        .annotate(last=Max("month"))
        .values("last")
    )
    return Subquery(claims)


def _with_lacks(rows: QuerySet[Project], programmes: Sequence[Programme]) -> QuerySet[Any]:
    """Adds how many parts the plan should and does have, how many milestones are late, and since when."""
    days = {one.pk: one.today() for one in programmes}
    late = Q(pk__in=[])
    for pk, today in days.items():
        late |= Q(programme=pk, due_on__lt=today)
    waiting = (
        Milestone.objects.filter(project=OuterRef("pk"), actual_on=None)
        .annotate(due_on=Coalesce("forecast_on", "baseline_on"))
        .filter(late)
        .order_by()
        .values("project")
    )
    written = ProjectPlanPart.objects.filter(WRITTEN, ASKED, project=OuterRef("pk"))
    wanted = PlanPart.objects.filter(programme=OuterRef("programme_id"), is_closed=False)
    return rows.annotate(
        parts_there=_count(written.order_by().values("project")),
        parts_wanted=_count(wanted.order_by().values("programme")),
        late_count=_count(waiting),
        late_since=Subquery(waiting.annotate(first=Min("due_on")).values("first")),
    ).order_by("programme_id", "slug")


def _count(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _days(since: date | None, today: date) -> int | None:
    return None if since is None else (today - since).days


def _age(row: Waiting, today: date) -> int | None:
    """Days since it began, on the programme's own day; on today's where it began after that."""
    day = row.programme.today() if row.programme else today
    return _days(row.since, day if row.since is None or row.since <= day else today)


def _oldest_first(tasks: list[Task]) -> list[Task]:
    """By age, the oldest first; what has no day comes last, each in the order given."""
    return sorted(tasks, key=lambda task: -(task.age if task.age is not None else -1))


def next_step(stage: str, last_claim: date | None, *, today: date) -> tuple[str, str]:
    """Tone and words of what a measure waits for. The month that has ended is the one to be claimed."""
    due = ended_month(today)
    if stage not in WORKING:
        step: str | Promise = {
            str(Stage.IDENTIFIED): gettext_lazy("Plan the months of the effect."),
            str(Stage.PLANNED): gettext_lazy("Prepare the decision."),
            str(Stage.ON_HOLD): gettext_lazy("On hold: nothing to update."),
        }.get(str(stage), "")
        return ("none" if stage == Stage.ON_HOLD else "info"), str(step)
    if last_claim is None:
        return "warn", _("Enter what was realised by %(month)s.") % {"month": format_month(due)}
    if last_claim < due:
        return "warn", _("Enter what was realised from %(month)s on.") % {
            "month": format_month(next_month(last_claim))
        }
    return "ok", _("Up to date.")
