"""The golden programme in a frozen status view: what its spreadsheet works out, to the cent, in the stored bytes."""

import json
from datetime import date

import pytest

from measures.calculations import LEVELS
from reporting.services import build_status_view
from tests.golden_programme import build_golden_programme, cents, read_sheet, worked_out
from tests.integration.reporting.test_status_view import Quiet


@pytest.mark.django_db(transaction=True)
def test_the_frozen_document_says_what_the_sheet_says() -> None:
    golden = build_golden_programme()

    view = build_status_view(programme_id=golden.programme.pk, month=date(2025, 8, 1), report=Quiet())
    figures = {ref: figure.get("cents") or 0 for ref, figure in json.loads(view.document)["figures"].items()}

    slices = {"programme": ("programme", "")}
    slices |= {f"theme-{key}": ("theme", key) for key in golden.themes}
    slices |= {f"sector-{key}": ("sector", key) for key in golden.sectors}
    slices |= {f"cost-type-{key}": ("cost_type", key) for key in golden.cost_types if key != "mak"}
    expected = {"unallocated.programme.2026": cents(read_sheet()["Ladder"][5]["value"])}
    for ref, (kind, key) in slices.items():
        worked = worked_out(kind, key)
        expected |= {f"{level}.{ref}.2026": worked[f"level_change.{level}"] for level in ("plan", "forecast")}
        expected[f"run-rate-confirmed.{ref}.2025-06"] = worked["run_rate.confirmed"]
    worked = worked_out("programme")
    for level in LEVELS:
        expected[f"cumulative-{level}.programme.2025-08"] = worked[f"cumulative.{level}"]
        expected[f"in-base-{level}.programme.2026"] = worked[f"in_base.{level}"]

    assert len(expected) > 40
    assert {ref: figures[ref] for ref in expected} == expected
