"""The day, the closed months and the years that figures are figured for."""

from collections.abc import Iterable
from datetime import date

from measures import calculations
from measures.calculations import Clock, SavingsFigures
from measures.models import BooksClosed
from programme.models import Programme


def books_closed_through(programme: Programme, on: date | None = None) -> date | None:
    """First day of the last month of the unbroken run of closed months; None when none is closed (R3)."""
    day = on or programme.today()
    rows = BooksClosed.objects.filter(programme=programme, closed_on__lte=day)
    return closed_through(rows.values_list("month", "reopened_on"), day)


#: Month and day of reopening of every closing known on a day.
CLOSINGS = """
    SELECT month, reopened_on FROM measures_booksclosed
    WHERE programme_id = %(programme)s AND closed_on <= %(on)s
"""


def closed_through(rows: Iterable[tuple[date, date | None]], day: date) -> date | None:
    """The last closed month by months and their days of reopening."""
    closed: set[date] = set()
    opened: set[date] = set()
    for month, reopened_on in rows:
        (closed if reopened_on is None or reopened_on > day else opened).add(month)
    return calculations.closed_through(closed, opened)


def clock_of(programme: Programme, on: date | None = None) -> Clock:
    """The day, the closed months and the years that the programme's figures are figured for."""
    day = on or programme.today()
    return Clock(day, books_closed_through(programme, day), programme.start_year, programme.final_year)


def clock_within(figures: SavingsFigures) -> Clock:
    """The clock that the figures of a whole programme were figured by."""
    return Clock(figures.as_of, figures.closed_through, figures.start_year, figures.final_year)
