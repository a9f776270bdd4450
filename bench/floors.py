"""The floors: the least that a Django view must do for a page of its kind, with sessions and sign-in on.

They show the programme's real rows through the same middleware and the same server process, without rights,
filters, figures or our templates. See docs/performance.md for what is measured against which.
"""

import json
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render

from measures.models import Measure, SavingsLine
from measures.selectors import forget_recent

ROWS = 50
BATCH_BYTES = 64 * 1024

AGGREGATE = """
    SELECT goal.theme_id, entry.series, sum(entry.amount_eur_cents)
    FROM measures_savingsentry entry
    JOIN measures_savingsline line ON line.id = entry.line_id
    JOIN programme_goal goal ON goal.id = line.goal_id
    WHERE entry.programme_id = %s
    GROUP BY goal.theme_id, entry.series
"""

CSV = """
    COPY (
        SELECT measure.code, measure.name_fi, theme.name_fi AS theme, goal.name_fi AS goal, measure.stage,
               measure.starts_on, measure.ends_on, owner.username AS owner, project.slug AS project
        FROM measures_measure measure
        JOIN programme_goal goal ON goal.id = measure.goal_id
        JOIN programme_theme theme ON theme.id = goal.theme_id
        LEFT JOIN accounts_user owner ON owner.id = measure.owner_id
        LEFT JOIN programme_project project ON project.id = measure.project_id
        WHERE measure.programme_id = %s
        ORDER BY measure.code
    ) TO STDOUT (FORMAT csv, HEADER)
"""


@login_required
def list_floor(request: HttpRequest, programme: int) -> HttpResponse:
    """One indexed query of 50 rows with its joins, a count, 50 rows of nine cells."""
    measures = Measure.objects.filter(programme=programme).order_by("code")
    rows = measures.select_related("goal__theme", "owner", "project")[:ROWS]
    return render(request, "bench/list.html", {"rows": rows, "count": measures.count()})


@login_required
def detail_floor(request: HttpRequest, measure: int) -> HttpResponse:
    """One row and one related query, a template."""
    row = Measure.objects.select_related("goal__theme", "owner", "project").get(pk=measure)
    lines = SavingsLine.objects.filter(measure=row).select_related("sector", "cost_type")
    return render(request, "bench/detail.html", {"row": row, "lines": lines})


@login_required
def json_floor(request: HttpRequest, programme: int) -> HttpResponse:
    """The 50 rows of the list as JSON."""
    columns = (
        "id", "code", "name_fi", "goal__theme__key", "goal__key", "stage", "starts_on", "ends_on", "owner__username",
        "project__slug",
    )  # fmt: skip
    rows = Measure.objects.filter(programme=programme).order_by("id").values(*columns)[:ROWS]
    return JsonResponse({"results": list(rows)})


@login_required
def aggregate_floor(request: HttpRequest, programme: int, rows: int) -> HttpResponse:
    """One raw sum over every savings row by theme, and a template of as many rows as the caller asks for."""
    with connection.cursor() as cursor:
        cursor.execute(AGGREGATE, [programme])
        sums = cursor.fetchall()
    return render(request, "bench/aggregate.html", {"sums": sums, "rows": range(rows)})


@login_required
def edit_floor(request: HttpRequest, measure: int) -> HttpResponse:
    """Loads one row and saves it, changed each time."""
    row = Measure.objects.get(pk=measure)
    row.municipality = "B" if row.municipality == "A" else "A"
    row.save()
    return HttpResponse(row.municipality)


@login_required
def csv_floor(request: HttpRequest, programme: int) -> StreamingHttpResponse:
    """All measures by COPY, streamed in batches."""

    def batches() -> Iterator[bytes]:
        batch = bytearray()
        with connection.cursor() as cursor, cursor.copy(CSV, [programme]) as copy:
            for part in copy:
                batch += part
                if len(batch) >= BATCH_BYTES:
                    yield bytes(batch)
                    batch.clear()
        yield bytes(batch)

    return StreamingHttpResponse(batches(), content_type="text/csv")


@login_required
def render_floor(request: HttpRequest, view: int) -> HttpResponse:
    """The frozen document read and every figure of it written out once by the template engine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT document FROM reporting_statusview WHERE id = %s", [view])
        (content,) = cursor.fetchone()
    return render(request, "bench/render.html", {"document": json.loads(content)})


@login_required
def forget(request: HttpRequest) -> HttpResponse:
    """Empties the cache, so that the next page is a miss for everybody."""
    cache.clear()
    forget_recent()
    return HttpResponse("forgotten")
