"""Reading the catalogue as work in the background: on demand with progress, and every night a little."""

from __future__ import annotations

import re
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from core.jobs import JobFailed, Report, enqueue, handler
from core.models import Job
from kpis.catalogue import reading
from kpis.catalogue.storing import ListTooShort
from kpis.models import CatalogueIndicator
from kpis.sotkanet.client import Sotkanet
from kpis.sotkanet.failures import Failure
from kpis.sotkanet.words import WORDS

LIST = "sotkanet_list"
DETAILS = "sotkanet_details"
NIGHT = "sotkanet_night"

_STEPS = {
    "list": _("reading the list of indicators"),
    "regions": _("reading the regions"),
    "details": _("reading descriptions one by one"),
}
#: Words of the client are filled the other way.
_as_format = lazy(lambda words: re.sub(r"%\((\w+)\)s", r"{\1}", str(words)), str)
_ERRORS = {
    **{code: _as_format(words) for code, words in WORDS.items()},
    "list_too_short": _(
        "Sotkanet's list held only {found} of the {known} known. It was not taken; try again later."
    ),
}


def ask_for_list(programme: Any, by: Any) -> Job:
    """Work that reads the list, the regions, and the details that links still lack."""
    return enqueue(LIST, "all", programme=programme, by=by)


def ask_for_details(programme: Any, number: int, by: Any) -> Job:
    """Work that reads everything of one indicator."""
    return enqueue(DETAILS, str(number), programme=programme, params={"number": number}, by=by)


def ask_for_night() -> Job:
    """Tonight's share; asked for again it is the same."""
    return enqueue(NIGHT, timezone.localdate().isoformat())


@handler(LIST, title=_("Sotkanet's list of indicators"), steps=_STEPS, errors=_ERRORS)
def read_list(job: Job, report: Report) -> dict[str, Any]:
    """The whole list and the regions; then the details of what is linked without them."""
    with Sotkanet() as client:
        _lists(client, report)
        detailed = CatalogueIndicator.objects.filter(fetched_at__isnull=False, is_bundled=False)
        lacking = sorted(reading.linked_numbers() - set(detailed.values_list("pk", flat=True)))
        read = _details(client, lacking[: reading.DETAILS_ON_DEMAND], report)
    slug = job.programme.slug if job.programme else ""
    return {**_counts(read), **({"page": ["kpis:sotkanet_list", slug]} if slug else {})}


@handler(DETAILS, title=_("Sotkanet indicator {key}"), steps=_STEPS, errors=_ERRORS)
def read_one(job: Job, report: Report) -> dict[str, Any]:
    """Everything of one indicator; the failure is the job's."""
    report("details", 0, 1)
    number = int(job.params["number"])
    try:
        with Sotkanet() as client:
            reading.sync_details(client, number)
    except Failure as failure:
        raise JobFailed(failure.code, **failure.params) from failure
    page = ["kpis:sotkanet_detail", job.programme.slug, number] if job.programme else None
    return {"number": number, "page": page}


@handler(NIGHT, title=_("Sotkanet's catalogue, the share of a night"), steps=_STEPS, errors=_ERRORS)
def read_night(job: Job, report: Report) -> dict[str, Any]:
    """The list when it is a week old, then as many details as one night may read."""
    with Sotkanet() as client:
        if reading.list_is_due():
            _lists(client, report)
        read = _details(client, reading.due_details(reading.DETAILS_A_NIGHT), report)
    return _counts(read)


@shared_task(name="kpis.catalogue.read_night")
def ring_night() -> int:
    """Rung nightly; the job's id."""
    return ask_for_night().pk


def _lists(client: Sotkanet, report: Report) -> None:
    try:
        report("list")
        reading.sync_list(client)
        report("regions")
        reading.sync_regions(client)
    except ListTooShort as short:
        raise JobFailed("list_too_short", found=short.found, known=short.known) from short
    except Failure as failure:
        raise JobFailed(failure.code, **failure.params) from failure


def _details(client: Sotkanet, numbers: list[int], report: Report) -> reading.Read:
    return reading.read_details(client, numbers, told=lambda done: report("details", done, len(numbers)))


def _counts(read: reading.Read) -> dict[str, Any]:
    return {
        "stored": len(read.stored), "unchanged": len(read.unchanged), "gone": read.gone,
        "failed": {str(number): code for number, code in read.failed.items()},
    }  # fmt: skip
