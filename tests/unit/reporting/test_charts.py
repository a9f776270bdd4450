"""Chart specifications: what is in them, whole cents only, a text alternative with the figures."""

from datetime import date

from django.utils import translation

from reporting import charts
from reporting.content import Content


def _target(**changes: object) -> object:
    values = {
        "rows": [charts.TargetRow("Forecast", "forecast", -1_500_000_000, -3_920_000_000, "measures/")],
        "cautious": -1_700_000_000, "full": -7_800_000_000, "stated": -7_800_000_000, "year": 2025,
        "unit": "meur", "ref": "target.programme.2025",
    }  # fmt: skip
    with translation.override("en"):
        return charts.target_chart(**(values | changes))  # type: ignore[arg-type]


def test_target_chart_tells_the_sum_with_the_base_and_draws_the_band() -> None:
    spec = _target()

    assert "−54.2" in spec.alt
    assert "−78.0" in spec.alt
    assert [note.kind for note in spec.annotations] == ["band"]
    assert (spec.annotations[0].value, spec.annotations[0].upto) == (-1_700_000_000, -7_800_000_000)
    assert spec.series[0].start == -1_500_000_000


def test_a_single_target_is_a_line_not_a_band() -> None:
    spec = _target(cautious=-50_000_000, full=-50_000_000, stated=-50_000_000)
    assert [(note.kind, note.value) for note in spec.annotations] == [("line", -50_000_000)]


def test_target_chart_without_figures_says_so() -> None:
    spec = _target(rows=[charts.TargetRow("Forecast", "forecast", None, None)])
    assert "no figures yet" in spec.alt


def test_bridge_runs_from_the_base_to_the_total() -> None:
    with translation.override("en"):
        spec = charts.bridge_chart(
            base_cents=-15, steps=[("Digi", -9, "themes/digi/"), ("Staff", 10, "themes/staff/"), ("None", None, "")],
            total_cents=-14, year=2025, unit="eur", ref="bridge.programme.2025",
        )  # fmt: skip
    assert spec.series[0].y == (-15, -9, 10, None, -14)
    assert spec.series[0].roles == ("base", "step", "investment", "step", "total")


def test_run_rate_chart_marks_the_status_and_the_target() -> None:
    with translation.override("en"):
        spec = charts.run_rate_chart(
            months={"plan": [(date(2024, 1, 1), -12), (date(2024, 2, 1), None)], "confirmed": []},
            names={"plan": "Plan", "confirmed": "Confirmed"}, target_cents=-63, status=date(2024, 3, 31),
            unit="eur", ref="run-rate.programme.2024-03",
        )  # fmt: skip
    assert [series.role for series in spec.series] == ["plan"]
    assert {note.kind: note.value for note in spec.annotations} == {"mark": None, "line": -63}


def test_a_document_holds_the_chart_in_three_languages() -> None:
    content = Content()
    specs = content.charts(lambda: charts.stages_chart(rows=[("planned", 3, "")], ref="stages"))
    assert set(specs) == {"fi", "sv", "en"}
    assert all(spec["schema"] == "chart/1" for spec in specs.values())
