"""The management rules in small, written from the demands and not from the portal: what should stand at the end.

Plain objects, days and counters; no database. Days off are written out by hand for the periods that are played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
DAYS_OFF = {
    *(date(2023, 12, day) for day in (6, 24, 25, 26)), date(2024, 1, 1), date(2024, 1, 6), date(2024, 3, 29),
    date(2024, 4, 1), date(2024, 5, 1), date(2024, 5, 9), date(2024, 6, 21),
}  # fmt: skip
#: Levels from the lowest with their working days and the role that answers.
LEVELS = ("theme_owner", "director", "management_group", "board")
WORKING_DAYS = {"theme_owner": 5, "director": 5, "management_group": 5, "board": 15}
ANSWERS = {
    "theme_owner": "theme", "director": "director", "management_group": "steering", "board": "board",
}  # fmt: skip


def is_open_day(day: date) -> bool:
    return day.isoweekday() < 6 and day not in DAYS_OFF


def open_day_from(day: date) -> date:
    while not is_open_day(day):
        day += DAY
    return day


def count_open_days(day: date, count: int, step: timedelta = DAY) -> date:
    while count:
        day += step
        count -= is_open_day(day)
    return day


# --- obstacles ------------------------------------------------------------------------------------------------------


@dataclass
class MObstacle:
    """An obstacle as the model has it; `steps` are (kind, level, day, by the clock)."""

    name: str
    raiser: str
    concerned: frozenset[str]
    theme_owner: str | None  # who leads the theme it lies under
    first: str
    raised_on: date
    level: str = ""
    since: date = date.min
    due: date = date.min
    state: str = ""
    settled_on: date | None = None
    lists: int = 0
    steps: list[tuple[str, str, date, bool]] = field(default_factory=list)
    is_reminded: bool = False
    touched: date | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state in ("raised", "escalated")

    def answerers(self) -> set[str]:
        """Who answers on its level; nobody where the theme has no owner with the role."""
        role = ANSWERS[self.level]
        return {self.theme_owner} - {None} if role == "theme" else {role}  # type: ignore[return-value]


class Obstacles:
    """All obstacles, the notices about them and the weekly lists."""

    def __init__(self) -> None:
        self.rows: list[MObstacle] = []
        self.told: Counter[tuple[str, str, str]] = Counter()  # (who, code, name of the obstacle)
        self.lists: list[dict[str, object]] = []
        self._settled_since: list[MObstacle] = []

    def _tell(self, people: set[str] | frozenset[str], code: str, row: MObstacle, by: str = "") -> None:
        self.told.update((who, f"obstacle.{code}", row.name) for who in people if who != by)

    def _arrive(self, row: MObstacle, level: str, day: date, kind: str, by_clock: bool = False) -> None:
        row.level, row.since, row.due = level, day, count_open_days(day, WORKING_DAYS[level])
        row.state = "raised" if level == row.first else "escalated"
        row.is_reminded = False
        row.steps.append((kind, level, day, by_clock))

    def raise_(self, row: MObstacle) -> None:
        self.rows.append(row)
        self._arrive(row, row.first, row.raised_on, "raised")
        self._tell(row.answerers(), "asked", row, row.raiser)

    def move(self, row: MObstacle, step: int, day: date, by: str) -> None:
        """Taken up (1) or sent back (-1) by a person."""
        level = LEVELS[LEVELS.index(row.level) + step]
        self._arrive(row, level, day, "went_up" if step > 0 else "sent_back")
        self._tell(row.answerers(), "asked" if step > 0 else "back", row, by)
        self._tell(row.concerned, "moved", row, by)

    def settle(self, row: MObstacle, state: str, day: date, by: str) -> None:
        row.state, row.settled_on = state, day
        row.steps.append((state, row.level, day, False))
        self._settled_since.append(row)
        self._tell(row.concerned, state, row, by)

    def reopen(self, row: MObstacle, day: date, by: str) -> None:
        row.settled_on = None
        self._arrive(row, row.level, day, "reopened")
        self._tell(row.answerers(), "asked", row, by)
        self._tell(row.concerned, "moved", row, by)

    def tick(self, today: date) -> None:
        """The clocks of a day: up on the first working day after the due day, reminders the working day before."""
        for row in self.rows:
            if not row.is_waiting:
                continue
            went = False
            while row.level != LEVELS[-1] and open_day_from(row.due + DAY) <= today:
                day = open_day_from(row.due + DAY)
                self._arrive(row, LEVELS[LEVELS.index(row.level) + 1], day, "went_up", by_clock=True)
                went = True
            if went:
                self._tell(row.answerers(), "clock", row)
                self._tell(row.concerned, "moved", row)
            reminded_from = count_open_days(row.due, 1, -DAY)
            if not row.is_reminded and row.since < today and reminded_from <= today <= row.due:
                row.is_reminded = True
                self._tell(row.answerers(), "reminder", row)

    def make_list(self, today: date) -> bool:
        """The list of the week, unless it is there."""
        monday = today - DAY * today.weekday()
        if any(one["monday"] == monday for one in self.lists):
            return False
        waiting = [row for row in self.rows if row.is_waiting]
        for row in waiting:
            row.lists += 1
        settled = {row.name for row in self._settled_since if not row.is_waiting}
        self._settled_since = []
        # Who left the list and comes back is new again.
        for row in self.rows:
            row.lists = row.lists if row.is_waiting else 0
        self.lists.append({
            "monday": monday, "made": today, "settled": settled,
            "open": {
                row.name: (row.level, row.due, (today - row.raised_on).days, row.lists) for row in waiting
            },
        })  # fmt: skip
        return True


# --- duties ---------------------------------------------------------------------------------------------------------


@dataclass
class MDuty:
    """A duty by its name and the due days of the whole period with what became of each."""

    name: str
    told_of_missed: frozenset[str]
    states: dict[date, str]
    missed: set[date] = field(default_factory=set)
    kept_on: dict[date, date] = field(default_factory=dict)

    def keep(self, due: date, today: date) -> None:
        if self.states[due] in ("due", "missed"):
            self.states[due] = "kept" if today <= due else "kept_late"
            self.kept_on[due] = today

    def judge(self, today: date) -> None:
        for due, state in self.states.items():
            if state == "due" and due < today:
                self.states[due] = "missed"
                self.missed.add(due)


def mondays(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if day.isoweekday() == 1:
            yield day
        day += DAY


def weekly_days(first: date, last: date) -> list[date]:
    """Mondays, moved by holidays."""
    return [due for day in mondays(first, last) if (due := open_day_from(day)) <= last]


def monthly_days(first: date, last: date, day_of_month: int) -> list[date]:
    found, day = [], first - DAY * 7
    while day <= last:
        if day.day == day_of_month and first <= (due := open_day_from(day)) <= last:
            found.append(due)
        day += DAY
    return found


# --- deviations -----------------------------------------------------------------------------------------------------


@dataclass
class MDeviation:
    kind: str
    key: str
    found: date
    gone: date | None = None
    closed: date | None = None


@dataclass
class MMilestone:
    key: str
    baseline: date
    forecast: date | None = None
    done: bool = False


def month_of(day: date) -> date:
    return day.replace(day=1)


def ended(day: date) -> date:
    """The latest month that is over when the day is."""
    return month_of(month_of(day + DAY) - DAY)


class Deviations:
    """Slipped milestones and updates that were not given."""

    def __init__(self, projects: dict[str, str]) -> None:
        self.projects = projects  # key of the cause -> short name
        self.milestones: list[MMilestone] = []
        self.updates: set[tuple[str, date]] = set()
        self.rows: list[MDeviation] = []
        self.reminded: set[tuple[str, date]] = set()

    def _late(self, today: date) -> date | None:
        """The month whose updates are late, None before the day in the following month has gone by."""
        month = ended(today)
        following = (month + DAY * 32).replace(day=10)
        return month if today > following else None

    def lacking(self, today: date) -> dict[str, date]:
        month = self._late(today)
        if month is None:
            return {}
        return {key: month for key in self.projects if (key, month) not in self.updates}

    def causes(self, kind: str, today: date) -> set[str]:
        if kind == "update_missing":
            return set(self.lacking(today))
        return {
            row.key for row in self.milestones
            if not row.done and (max(row.forecast or row.baseline, today) - row.baseline).days >= 30
        }  # fmt: skip

    def look(self, today: date, kinds: tuple[str, ...] = ("milestone_slipped", "update_missing")) -> None:
        for kind in kinds:
            causes = self.causes(kind, today)
            standing = {row.key: row for row in self.rows if row.kind == kind and row.closed is None}
            for key, row in standing.items():
                row.gone = None if key in causes else row.gone or today
            self.rows += [MDeviation(kind, key, today) for key in sorted(causes - set(standing))]

    def remind(self, today: date) -> None:
        self.reminded |= set(self.lacking(today).items())
