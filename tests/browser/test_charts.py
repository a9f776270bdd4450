"""Charts in a real browser, under the content policy of the pages, with no network at all."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.templatetags.static import static
from django.utils import translation
from playwright.sync_api import expect

from tests.unit.core.test_charts import CHARTS

ADDRESS = "http://portal.test/"
TYPES = {".js": "text/javascript", ".css": "text/css"}


def policy():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(
        f"{name} {' '.join(sources)}"
        for name, sources in directives.items()
        if isinstance(sources, list | tuple | set)
    )


def chart_page():
    specs = [make() for make in CHARTS.values()]
    with translation.override("fi"):
        body = Template(
            "{% load charts static %}<link rel=stylesheet href=\"{% static 'css/charts.css' %}\">"
            "{% for spec in specs %}{% chart spec %}{% endfor %}"
            "<script type=module src=\"{% static 'js/chart.js' %}\"></script>"
        ).render(Context({"specs": specs}))
    return f'<!doctype html><html lang="fi"><meta charset="utf-8"><title>Kuviot</title><body>{body}</body></html>'


@pytest.fixture
def tab(browser):
    """A tab whose every request is answered from the static files here, or not at all."""
    made = browser.new_page(viewport={"width": 1100, "height": 900})
    made.outside, made.complaints = [], []
    headers = {"Content-Security-Policy": policy()}

    def answer(route):
        url = route.request.url
        if url == ADDRESS:
            route.fulfill(body=chart_page(), headers={**headers, "Content-Type": "text/html; charset=utf-8"})
            return
        name = url.split("?")[0].removeprefix(ADDRESS.rstrip("/") + static(""))
        found = finders.find(name) if url.startswith(ADDRESS) else None
        if found:
            kind = TYPES.get(Path(found).suffix, "text/plain")
            route.fulfill(body=Path(found).read_bytes(), headers={**headers, "Content-Type": kind})
        else:
            if not url.startswith(ADDRESS):
                made.outside.append(url)
            route.fulfill(status=404, body="")

    made.route("**/*", answer)
    made.on(
        "console", lambda line: made.complaints.append(line.text) if "Content Security" in line.text else None
    )
    made.on("pageerror", lambda problem: made.complaints.append(str(problem)))
    yield made
    made.close()


def states(tab):
    return [figure.get_attribute("data-chart-state") for figure in tab.locator("figure[data-chart]").all()]


def test_every_chart_becomes_interactive_within_the_policy_and_calls_nobody(tab):
    tab.goto(ADDRESS)
    for figure in tab.locator("figure[data-chart]").all():
        figure.locator("[data-chart-explore]").click()
        figure.locator(".js-plotly-plot .main-svg").first.wait_for()
    tab.wait_for_function(
        "document.querySelectorAll('figure[data-chart]:not([data-chart-state=drawn])').length == 0"
    )
    assert set(states(tab)) == {"drawn"}
    assert tab.complaints == []
    assert tab.outside == []


def test_the_drawing_stays_when_plotly_cannot_be_had(tab):
    tab.route("**/vendor/plotly*", lambda route: route.fulfill(status=500, body=""))
    tab.goto(ADDRESS)
    figure = tab.locator("figure[data-chart]").first
    figure.locator("[data-chart-explore]").click()
    tab.wait_for_selector("figure[data-chart-failed]")
    expect(figure.locator(".chart-wide svg")).to_be_visible()
    expect(figure.locator(".chart-plot")).to_be_hidden()


def test_a_narrow_place_gets_the_narrow_drawing(tab):
    tab.set_viewport_size({"width": 360, "height": 800})
    tab.goto(ADDRESS)
    figure = tab.locator("figure.chart").first
    expect(figure.locator(".chart-narrow svg")).to_be_visible()
    expect(figure.locator(".chart-wide svg")).to_be_hidden()


def test_the_style_sheet_is_the_one_that_this_plotly_would_write(tab):
    """When this fails after an upgrade: take the printed rules as static/css/plotly.css."""
    library = finders.find("vendor/plotly.min.js")
    tab.route(
        "**/*", lambda route: route.fulfill(body="<!doctype html><div id=p></div>", content_type="text/html")
    )
    tab.goto("http://free.test/")
    tab.add_script_tag(path=library)
    tab.evaluate("Plotly.newPlot('p', [{y: [1, 2]}])")
    captured = tab.evaluate(
        "[...document.getElementById('plotly.js-style-global').sheet.cssRules].map(rule => rule.cssText)"
    )
    kept = Path(finders.find("css/plotly.css")).read_text(encoding="utf-8").split("*/", 1)[1]
    assert [line for line in kept.splitlines() if line] == captured
    others = tab.evaluate("[...document.querySelectorAll('style')].map(style => style.id)")
    script = Path(finders.find("js/chart.js")).read_text(encoding="utf-8")
    assert all(name in script for name in others)


@pytest.mark.parametrize("width", [320, 1440])
def test_charts_and_their_tables_are_accessible(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(ADDRESS)
    for details in tab.locator("figure.chart details").all():
        details.locator("summary").click()
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
