"""What browsers report of our content security policy: one line in the log for each, and no row."""

import json
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from config import limits
from core.rates import CSP_REPORT, address_of, spend

log = structlog.get_logger(__name__)

#: Our name -> the names in the two forms browsers send: report-uri (old) and report-to (new).
FIELDS = {
    "page": ("document-uri", "documentURL"),
    "blocked": ("blocked-uri", "blockedURL"),
    "directive": ("effective-directive", "effectiveDirective"),
    "file": ("source-file", "sourceFile"),
    "line": ("line-number", "lineNumber"),
}
LONGEST = 200  # characters of a value that are logged


@csrf_exempt  # the browser sends it by itself, without our secret; it changes nothing
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """204 for a report, 413 for one that is too large, 400 for what is none, 429 beyond the limit."""
    if not _short_enough(request):
        return HttpResponse(status=413)
    spend(CSP_REPORT, address_of(request))
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    found = _report(told)
    if not found:
        return HttpResponse(status=400)
    log.warning("csp_report", **found)
    return HttpResponse(status=204)


def _short_enough(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length") or "0"
    return length.isascii() and length.isdigit() and int(length) <= limits.CSP_REPORT_MAX_BYTES


def _report(told: Any) -> dict[str, str]:
    """The first violation in what was sent, without what stands behind `?`: addresses may hold personal data."""
    first = told[0] if isinstance(told, list) and told else told
    body = (first.get("csp-report") or first.get("body")) if isinstance(first, dict) else None
    if not isinstance(body, dict):
        return {}
    found = {name: next((body[key] for key in keys if key in body), "") for name, keys in FIELDS.items()}
    return {name: str(value).partition("?")[0][:LONGEST] for name, value in found.items()}
