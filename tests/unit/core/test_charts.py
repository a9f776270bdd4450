"""Charts: exact figures in, the same figures out in every form, readable by everybody."""

import json
import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core.charts import Annotation, ChartSpec, Series, spark_svg, stage_bar_svg, to_plotly, to_svg
from core.charts.drawing import nice_ticks, push_apart, text_width, tick_text
from core.periods import months

M = 100_000_000
MONTHS = tuple(month.isoformat() for month in months(date(2023, 1, 1), date(2026, 1, 1)))
THEMES = ("Digipalvelut ja asiakasohjaus", "Palvelurakenne", "Ostopalvelut", "Henkilöstö")


def target_chart():
    return ChartSpec(
        "target",
        "Säästöt ja tavoite",
        "Vahvistettu 18,6, tavoite 17–78 M€.",
        (
            Series(
                "Vahvistettu", ("2025",), (-360_000_000,), "confirmed", start=-15 * M, links=("/measures/",)
            ),
            Series(
                "Ennuste",
                ("2025",),
                (-5_420_000_000,),
                "forecast",
                low=(-66 * M,),
                high=(-43 * M,),
                note="80 %",
            ),
            Series("Suunnitelma", ("2025",), (-7_130_000_000,), "plan"),
            Series("Ilmoitettu", ("2025",), (None,), "claimed"),
        ),
        (Annotation("band", "varovainen tavoite", -17 * M, -78 * M, upto_label="täysi tavoite"),),
    )


def band_chart():
    count = len(MONTHS)
    forecast = [None] * 14 + [-(15 + step) * M for step in range(count - 14)]
    return ChartSpec(
        "band",
        "Vuositasoinen vaikutus",
        "Ennuste laskee.",
        (
            Series(
                "80 %",
                MONTHS,
                [y and y + 5 * M for y in forecast],
                "band",
                low=[y and y - 5 * M for y in forecast],
            ),
            Series("ennuste", MONTHS, forecast, "forecast"),
            Series(
                "vahvistettu",
                MONTHS,
                [-step * M if step < 15 else None for step in range(count)],
                "confirmed",
            ),
        ),
        (Annotation("line", "tavoite", -78 * M), Annotation("mark", "kirjanpito suljettu", x="2024-02-01")),
    )


def bridge_chart():
    return ChartSpec(
        "bridge",
        "Mistä ennuste syntyy",
        "Silta pohjasta ennusteeseen.",
        (
            Series(
                "ennuste",
                ("Pohjassa", "Digi", "Ostopalvelut", "Henkilöstö", "Ennuste"),
                (-15 * M, -9 * M, -32 * M, 10 * M, None),
                roles=("base", "step", "step", "step", "total"),
            ),
        ),
    )


def bar_chart(kind="bar"):
    plan = Series("suunnitelma", THEMES, (-1480_000_000, -1210_000_000, -4190_000_000, 1250_000_000), "plan")
    forecast = Series("ennuste", THEMES, (-940_000_000, None, -3160_000_000, 1050_000_000), "claimed")
    return ChartSpec(kind, "Teemat", "Teemojen suunnitelma ja ennuste.", (plan, forecast))


def month_chart():
    return ChartSpec(
        "stacked",
        "Kuukausittain",
        "Säästöt kuukausittain.",
        (
            Series("vahvistettu", MONTHS[:20], [-step * 10_000_000 for step in range(20)], "confirmed"),
            Series("panostus", MONTHS[:20], [step * 2_000_000 for step in range(20)], "investment"),
        ),
        (Annotation("line", "suunnitelma", -2 * M),),
    )


def indicator_chart():
    years = tuple(str(year) for year in range(2015, 2024))
    values = (Decimal("18.5"), Decimal(19), None, *(Decimal(20) + Decimal(step) / 5 for step in range(6)))
    return ChartSpec(
        "line",
        "Palveluista digitalisoitu",
        "Osuus kasvaa.",
        (
            Series("Kymenlaakso", years, values, "actual"),
            Series("koko maa", years, values[::-1], "reference"),
        ),
        (Annotation("line", "tavoite", Decimal(30)),),
        unit="percent",
    )


CHARTS = {
    "target": target_chart,
    "band": band_chart,
    "bridge": bridge_chart,
    "bar": bar_chart,
    "stacked rows": lambda: bar_chart("stacked"),
    "stacked months": month_chart,
    "line": indicator_chart,
    "empty": lambda: ChartSpec("line", "Tyhjä", "Ei tietoja.", (Series("este", (), ()),)),
}
charts = pytest.mark.parametrize("chart", [pytest.param(make(), id=name) for name, make in CHARTS.items()])
SVG = "{http://www.w3.org/2000/svg}"


def text_boxes(root):
    """(text, left, right, baseline) of each label, from the width the writer itself reckons with."""
    for node in root.iter(f"{SVG}text"):
        text = "".join(node.itertext())
        width = text_width(node.text, bold=node.get("font-weight") == "600")
        width += sum(text_width(part.text) for part in node)
        x = float(node.get("x"))
        left = {"end": x - width, "middle": x - width / 2}.get(node.get("text-anchor"), x)
        yield text, left, left + width, float(node.get("y"))


# --- the specification -------------------------------------------------------------------------------


@charts
def test_a_frozen_chart_comes_back_as_it_was_and_holds_no_float(chart):
    text = json.dumps(chart.to_dict(), ensure_ascii=False)
    assert ChartSpec.from_dict(json.loads(text)) == chart

    def no_float(value):
        assert not isinstance(value, float)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            no_float(part)

    no_float(json.loads(text))


def test_floats_are_refused():
    with pytest.raises(TypeError):
        Series("x", ("2024",), (1.5,))
    with pytest.raises(TypeError):
        Annotation("line", "tavoite", 0.5)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ChartSpec("pie", "t", "alt", ()),
        lambda: ChartSpec("bar", "t", "  ", ()),
        lambda: Series("x", ("2024", "2025"), (1,)),
        lambda: Series("x", ("2024",), (1,), low=(1, 2)),
        lambda: Annotation("arrow", "t"),
        lambda: ChartSpec.from_dict({"schema": "chart/9"}),
    ],
)
def test_broken_specifications_are_refused(wrong):
    with pytest.raises(ValueError):
        wrong()


# --- tables ------------------------------------------------------------------------------------------


def test_table_of_months_shows_what_is_unknown_as_a_dash():
    table = band_chart().table(language="fi")
    assert table.caption == "Vuositasoinen vaikutus, M€"
    first = table.rows[0]
    assert first.header == "1/2023"
    assert first.cells == ("–", "–", "–", "0,00")
    assert table.rows[-1].header == "tavoite"
    assert table.rows[-1].cells[-1] == "\u221278,0"


def test_table_of_a_bridge_runs_to_its_total():
    rows = bridge_chart().table(language="en").rows
    assert [row.cells for row in rows] == [
        ("\u221215.0", "\u221215.0"),
        ("\u22129.00", "\u221224.0"),
        ("\u221232.0", "\u221256.0"),
        ("+10.0", "\u221246.0"),
        ("–", "\u221246.0"),
    ]


def test_table_of_a_target_keeps_the_base_apart_and_links_to_the_rows():
    row = target_chart().table(language="fi").rows[0]
    assert row.cells == ("\u221215,0", "\u22123,60", "\u221218,6", "–")
    assert row.href == "/measures/"


def test_table_of_an_indicator_is_in_its_unit():
    table = indicator_chart().table(language="fi")
    assert table.caption == "Palveluista digitalisoitu, %"
    assert table.rows[0].header == "2015"
    assert table.rows[0].cells[0] == "18,5\u00a0%"


# --- SVG -----------------------------------------------------------------------------------------------


@charts
@pytest.mark.parametrize("width", [340, 720])
def test_svg_is_well_formed_named_and_within_the_policy(chart, width):
    svg = to_svg(chart, language="fi", width=width)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    names = {node.get("id"): node.text for node in root.iter() if node.get("id")}
    title, description = root.get("aria-labelledby").split()
    assert (names[title], names[description]) == (chart.title, chart.alt)
    assert "style=" not in svg and "<script" not in svg and "<style" not in svg
    assert "nan" not in svg.lower().replace("finan", "") and "inf" not in svg.lower()


@charts
@pytest.mark.parametrize("width", [340, 720, 940])
@pytest.mark.parametrize("language", ["fi", "en"])
def test_labels_stay_inside_and_do_not_overlap(chart, width, language):
    root = ElementTree.fromstring(to_svg(chart, language=language, width=width))
    height = float(root.get("height"))
    boxes = list(text_boxes(root))
    for text, left, right, baseline in boxes:
        assert left >= -1.5 and right <= width + 1.5, text
        assert 8 <= baseline <= height, text
    for index, (text, left, right, baseline) in enumerate(boxes):
        for other, other_left, other_right, other_baseline in boxes[index + 1 :]:
            apart = right <= other_left + 1 or other_right <= left + 1 or abs(baseline - other_baseline) >= 11
            assert apart, (text, other)


def test_svg_says_the_figures_it_draws():
    text = " ".join(ElementTree.fromstring(to_svg(bridge_chart(), language="fi")).itertext())
    for figure in ("\u221215,0", "\u22129,00", "\u221232,0", "+10,0", "\u221246,0"):
        assert figure in text


def test_roles_differ_by_more_than_colour():
    svg = to_svg(band_chart(), language="fi")
    dashes = {
        match[1]: match[0] for match in re.findall(r'stroke-dasharray="([^"]+)"[^>]*class="ch-s-(\w+)"', svg)
    }
    assert dashes["forecast"] != dashes["target"]
    assert "confirmed" not in dashes
    assert "url(#" in to_svg(bridge_chart(), language="fi"), "an investment is hatched"


def test_the_same_chart_is_drawn_the_same_way():
    assert to_svg(band_chart(), language="fi") == to_svg(band_chart(), language="fi")


def test_names_cannot_break_out_of_the_drawing():
    chart = ChartSpec("bar", "<script>", '"><img>', (Series("<b>", ("<script>alert(1)</script>",), (-M,)),))
    root = ElementTree.fromstring(to_svg(chart, language="fi"))
    assert not list(root.iter(f"{SVG}script"))
    assert "<" not in to_plotly(chart, language="fi")["data"][0]["name"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(-(10**12), 10**12)), min_size=1, max_size=40),
    st.sampled_from(["line", "bar", "stacked", "bridge"]),
    st.integers(280, 1200),
)
def test_any_amounts_can_be_drawn(values, kind, width):
    labels = MONTHS[: len(values)] if kind == "line" else [f"Erä {index}" for index in range(len(values))]
    chart = ChartSpec(
        kind, "Mikä vain", "Mikä vain.", (Series("sarja", labels[: len(values)], values[: len(labels)]),)
    )
    ElementTree.fromstring(to_svg(chart, language="fi", width=width))
    json.dumps(to_plotly(chart, language="fi"), allow_nan=False)


def test_small_figures_tell_themselves_in_words():
    assert 'aria-label="planned 8, decided 2"' in stage_bar_svg(
        [("planned", 8), ("closed", 0), ("decided", 2)]
    )
    assert 'aria-label="kehitys"' in spark_svg(
        [Decimal(1), None, Decimal(3)], label="kehitys", target=Decimal(4)
    )
    ElementTree.fromstring(spark_svg([], label="ei tietoja"))


def test_ticks_are_round_and_labels_keep_their_distance():
    assert nice_ticks(-78, 0, count=4) == [-80, -60, -40, -20, 0]
    assert [tick_text(tick, [0, 0.5], language="fi") for tick in (0.0, -0.5)] == ["0,0", "\u22120,5"]
    assert push_apart([10, 11, 12], gap=17, low=0, high=100) == [10, 27, 44]
    assert push_apart([95, 96, 97], gap=17, low=0, high=100) == [66, 83, 100]


# --- Plotly --------------------------------------------------------------------------------------------


@charts
def test_plotly_has_only_scatter_and_bar_and_sends_nothing_anywhere(chart):
    drawn = to_plotly(chart, language="fi")
    json.dumps(drawn, allow_nan=False)
    assert {trace["type"] for trace in drawn["data"]} <= {"scatter", "bar"}
    assert drawn["config"]["showSendToCloud"] is False
    assert drawn["config"]["displaylogo"] is False
    assert drawn["layout"]["separators"] == ",\u00a0"


def test_plotly_shows_the_same_figures_as_the_table():
    drawn = to_plotly(indicator_chart(), language="fi")
    county = drawn["data"][0]
    assert county["y"][0] == 18.5 and county["y"][2] is None
    shown = [text for text in county["customdata"] if text != "–"]
    cells = [row.cells[0] for row in indicator_chart().table(language="fi").rows[:-1]]
    assert shown == [cell for cell in cells if cell != "–"]


def test_plotly_bridge_stands_on_running_totals():
    trace = to_plotly(bridge_chart(), language="fi")["data"][0]
    assert trace["base"] == [0, -15, -24, -56, 0]
    assert trace["y"] == [-15, -9, -32, 10, -46]


# --- in a page -----------------------------------------------------------------------------------------


def test_the_tag_gives_the_figure_its_table_and_its_data():
    with translation.override("fi"):
        page = Template("{% load charts %}{% chart spec %}").render(Context({"spec": bar_chart()}))
    assert page.count("<svg") == 2
    assert "<caption>Teemat, M€</caption>" in page
    data = re.search(r"<template data-chart-json>(.*?)</template>", page, re.DOTALL)[1]
    assert json.loads(data)["data"][0]["name"] == "suunnitelma"
    assert len(re.findall(r' id="([^"]+)"', page)) == len(set(re.findall(r' id="([^"]+)"', page)))


def test_data_in_the_page_cannot_end_its_element():
    chart = ChartSpec("bar", "t", "alt", (Series("</template>", ("</template><b>",), (-M,)),))
    page = Template("{% load charts %}{% chart spec %}").render(Context({"spec": chart}))
    assert page.count("</template>") == 1
    assert "<script" not in page


def test_a_chart_without_figures_says_so_and_stays_still():
    page = Template("{% load charts %}{% chart spec %}").render(Context({"spec": CHARTS["empty"]()}))
    assert "data-chart" not in page
    assert "<table" not in page
