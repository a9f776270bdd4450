"""Illustrative measures with all that belongs to them: written at once, recognised again, taken away at once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model

from accounts.demo import assign_demo_ownership
from core.bulk import BulkWriter, bulk_write
from core.models import Setting
from measures import portfolio
from measures.demo.findings import forget_findings, write_findings
from measures.models import Measure
from measures.portfolio import Written, calendar_of, structure_of
from measures.portfolio_drafts import draft_measures
from programme.models import Programme
from reporting.portfolio_gates import forget_decisions, write_decisions
from risks.demo import obstacles
from risks.demo.impact import forget_impact, write_impact
from risks.demo.obstacles import forget_obstacles, write_obstacles
from risks.demo.risks import forget_risks, write_risks

SETTING = "portfolio"
REASON = "illustrative measures (make_portfolio)"
REASON_REMOVED = "illustrative measures removed (make_portfolio --remove)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: `written` is None when the same portfolio was there already or was removed."""

    written: Written | None
    removed: int


class OwnMeasures(ValueError):
    """The programme has measures of its own with codes that the illustrative ones would take."""


def make_portfolio(programme: Programme, *, count: int, seed: int, dense: bool = False) -> Outcome:
    """Writes `count` illustrative measures in place of earlier ones; the same call twice changes nothing."""
    wanted = {"measures": count, "seed": seed, "dense": dense, "recipe": _recipe()}
    if _setting(programme) == wanted:
        return Outcome(None, 0)
    if Measure.objects.filter(programme=programme, is_illustrative=False, code__startswith="T-").exists():
        raise OwnMeasures
    structure, calendar = structure_of(programme), calendar_of(programme)
    drafts = draft_measures(structure, calendar, count=count, seed=seed, dense=dense)
    controller = get_user_model().objects.filter(username="controller").first()
    with bulk_write(None, REASON, seed=seed, measures=count) as writer:
        removed = _remove(writer, programme)
        written = portfolio.write_measures(writer, structure, calendar, drafts, controller=controller)
        programme.status_date = calendar.today
        programme.save(update_fields=["status_date"])
        Setting.objects.create(
            scope=programme.slug, key=SETTING, value=wanted, valid_from=calendar.today, reason=REASON
        )
        assign_demo_ownership()
        write_obstacles(programme, calendar.today, count // 3)
        write_risks(programme, calendar.today)
        if not dense:  # rows for measuring speed stand at no gate
            write_decisions(programme, calendar)
        write_findings(programme, calendar.today)
        write_impact(programme, calendar.today)
    return Outcome(written, removed)


def remove_portfolio(programme: Programme) -> Outcome:
    """Takes away everything illustrative, the closed books and status date that came with it included."""
    with bulk_write(None, REASON_REMOVED) as writer:
        return Outcome(None, _remove(writer, programme))


def _recipe() -> str:
    """Changes when what a portfolio holds changes, so that an older one is replaced."""
    here = Path(portfolio.__file__).parent
    ours = Path(__file__).parent
    files = [
        *here.glob("portfolio*.py"), *here.glob("demo/*.py"), *ours.glob("portfolio*.py"),
        *Path(obstacles.__file__).parent.glob("*.py"),
    ]  # fmt: skip
    files.sort()
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _setting(programme: Programme) -> Any:
    row = Setting.objects.filter(scope=programme.slug, key=SETTING).order_by("-valid_from").first()
    return row.value if row else None


def _remove(writer: BulkWriter, programme: Programme) -> int:
    forget_decisions(programme)
    forget_findings(programme)
    forget_obstacles(programme)
    forget_impact(programme)
    forget_risks(programme)
    removed = portfolio.remove_measures(writer, programme)
    if Setting.objects.filter(scope=programme.slug, key=SETTING).delete()[0]:
        programme.status_date = None
        programme.save(update_fields=["status_date"])
    return removed
