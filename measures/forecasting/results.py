"""The programme's probability result: figured, kept with the state of the data it was figured from, found again.

A small programme is figured when its page is opened and kept by the state of its data. A large one is figured as a
job; so is every programme each night. The newest job's result is what pages show that must not wait, with its age.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.core.cache import cache
from django.utils import timezone

from core import asof
from core.jobs import enqueue
from core.models import Job
from core.parameters import parameters_of
from core.versions import data_state
from measures.calculations import TargetFigures
from measures.forecasting.backloading import BackLoading
from measures.forecasting.parameters import DRAWS, assumptions_of
from measures.forecasting.shapes import Mover, Outlook, PastMonth, Range
from measures.models import Measure
from measures.selectors.figures import savings_figures
from programme.models import Programme

JOB_KIND = "probability"
SCHEMA = "probability/1"
#: Measures x draws that are figured while somebody waits for the page: about a second of one core.
AT_ONCE = 10_000_000
KEEP_SECONDS = 24 * 3600
#: Results of other code are not found.
_CODE = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))


@dataclass(frozen=True, slots=True)
class Result:
    """What was figured, from what, and when. `outlook` is forecasting.outlook.Outlook; `past` see past.py."""

    as_of: date
    closed_through: date | None
    basis: str
    final_year: int
    figured_at: datetime
    state: str
    seed: int
    draws: int
    target: TargetFigures
    base_is_assessed: bool
    measures: int
    unforecast: int
    warns: bool
    assumptions: Mapping[str, Any]
    outlook: Outlook
    past: list[PastMonth] = field(default_factory=list)


def figure(programme: Programme) -> Result | None:
    """Works the result out from the database; None when the programme has no measures with money."""
    # NumPy takes a while to load: only who figures pays for it.
    from measures.forecasting.inputs import read_portfolio
    from measures.forecasting.outlook import outlook
    from measures.forecasting.past import past_forecasts

    state, found = data_state(programme.pk), read_portfolio(programme)
    if found is None:
        return None
    held = assumptions_of(programme)
    target, base, is_assessed = aims(programme)
    whole = outlook(found, held, target, base)
    return Result(
        as_of=found.clock.as_of, closed_through=found.clock.closed_through, basis=found.basis,
        final_year=found.clock.final_year, figured_at=timezone.now(), state=state, seed=held.seed, draws=held.draws,
        target=target, base_is_assessed=is_assessed, measures=len(found.measures), unforecast=found.unforecast,
        warns=whole.back is not None and whole.back.is_late(share=held.last_year, pace=held.pace),
        assumptions=_plain(asdict(held)), outlook=whole, past=past_forecasts(programme, found),
    )  # fmt: skip


def aims(programme: Programme) -> tuple[TargetFigures, int | None, bool]:
    """The targets, what the base holds of them (its own forecast, else the target table), and which it is (R2)."""
    figures = savings_figures(programme)
    assessed = figures.total.in_base.forecast
    return figures.target, figures.target.in_base if assessed is None else assessed, assessed is not None


# --- kept and found again ----------------------------------------------------------------------------------


class Known(NamedTuple):
    """A result, and whether it is of the data as they are now."""

    result: Result
    is_present: bool


def last_known(programme: Programme) -> Known | None:
    """The result of the present data, else the newest that was figured; never figures, two statements at most."""
    state = data_state(programme.pk)
    found: Result | None = cache.get(_key(programme, state))
    if found is not None:
        return Known(found, is_present=True)
    found = _of_last_job(programme)
    if found is None:
        return None
    return Known(found, is_present=found.state == state and found.as_of == programme.today())


def page_known(programme: Programme) -> Known | None:
    """The result of the present data, figured now when that is quick; else the newest there is."""
    known = last_known(programme)
    if (known is not None and known.is_present) or not is_quick(programme):
        return known
    found = figure(programme)
    if found is None:
        return None
    keep(programme, found)
    return Known(found, is_present=True)


def is_quick(programme: Programme) -> bool:
    """Whether the programme is small enough to be figured while somebody waits."""
    return savings_figures(programme).measures * parameters_of(programme)[DRAWS] <= AT_ONCE


def draws_at_once(draws: int, measures: int) -> int:
    """How many draws somebody can wait for: all of them when the programme is small, else at least 1 000."""
    return max(1000, min(draws, AT_ONCE // max(measures, 1) // 500 * 500))


def keep(programme: Programme, found: Result) -> None:
    cache.set(_key(programme, found.state), found, KEEP_SECONDS)


def ask(programme: Programme, *, by: Any = None) -> Job:
    """The job that figures the programme anew; one at a time."""
    return enqueue(JOB_KIND, programme.slug, programme=programme, by=by)


def ask_for_stale() -> list[Job]:
    """Jobs for the programmes with measures whose data changed since their newest job; for the night."""
    with_measures = Programme.objects.filter(pk__in=Measure.objects.values("programme"))
    found = ((programme, _of_last_job(programme)) for programme in with_measures.order_by("pk"))
    return [
        ask(programme)
        for programme, last in found
        if last is None or last.state != data_state(programme.pk) or last.as_of != programme.today()
    ]


def _key(programme: Programme, state: str) -> str:
    return f"probability:{_CODE.hexdigest()[:16]}:{programme.pk}:{state}:{programme.today()}"


def _of_last_job(programme: Programme) -> Result | None:
    rows = Job.objects.filter(programme=programme, kind=JOB_KIND, state=Job.State.DONE)
    if (looking_back := asof.past()) is not None:
        rows = rows.filter(ended_at__lt=asof.end_of(looking_back.day))
    stored = rows.order_by("-created_at").values_list("result", flat=True).first()
    return read(stored) if stored else None


# --- as a job keeps it -------------------------------------------------------------------------------------


def written(found: Result) -> dict[str, Any]:
    """The result as JSON: dates as text, keys as text."""
    plain: dict[str, Any] = _plain(asdict(found))
    return {"schema": SCHEMA, **plain}


def read(stored: Mapping[str, Any]) -> Result | None:
    """The result of a job; None when the job found nothing or wrote it in an older way."""
    if stored.get("schema") != SCHEMA:
        return None
    rest = dict(stored["outlook"])
    whole = Outlook(
        main=Range(**rest["main"]),
        years={int(year): Range(**row) for year, row in rest["years"].items()},
        levels={int(year): Range(**row) for year, row in rest["levels"].items()},
        months={date.fromisoformat(month): Range(**row) for month, row in rest["months"].items()},
        base=rest["base"], chances=rest["chances"], movers=[Mover(**row) for row in rest["movers"]],
        back=BackLoading(**rest["back"]) if rest["back"] else None, draws=rest["draws"],
    )  # fmt: skip
    past = [
        PastMonth(
            date.fromisoformat(row["month"]),
            row["realised"],
            {int(before): cents for before, cents in row["said"].items()},
        )
        for row in stored["past"]
    ]
    plain = {
        name: stored[name]
        for name in (
            "basis", "final_year", "state", "seed", "draws", "base_is_assessed", "measures", "unforecast", "warns",
            "assumptions",
        )
    }  # fmt: skip
    return Result(
        **plain, as_of=date.fromisoformat(stored["as_of"]),
        closed_through=date.fromisoformat(stored["closed_through"]) if stored["closed_through"] else None,
        figured_at=datetime.fromisoformat(stored["figured_at"]), target=TargetFigures(**stored["target"]),
        outlook=whole, past=past,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_word(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _word(key: Any) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)
