"""Every page of the golden example: it answers, shows the figures to the cent, and asks the database little."""

import re

import pytest
from django.test import Client

from tests.golden import Golden
from tests.integration.reporting.conftest import sign_in

NBSP = "\u00a0"


def text_of(html: bytes) -> str:
    """The page's text with plain spaces, tags taken away."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare).replace(NBSP, " "))


def figure_of(html: bytes, ref: str) -> str:
    """The number that stands in the page under a figure reference."""
    found = re.search(rf'data-ref="{re.escape(ref)}">(.*?)</(?:td|p)>', html.decode(), flags=re.DOTALL)
    assert found, ref
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]).replace(NBSP, " ")).strip()


PAGES = [
    "", "panels/curve/", "panels/bridge/", "panels/stages/", "panels/indicators/", "panels/risks/",
    "panels/obstacles/", "panels/milestones/", "themes/x/", "sectors/n/", "goals/g1/figures/", "coverage/",
    "bigroom/", "savings/", "measures/", "measures/E1/", "measures/E4/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_every_page_answers(golden: Golden, pmo: Client, path: str, prefix: str) -> None:
    answer = pmo.get(f"{prefix}/p/esimerkki/{path}")

    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()


def test_dashboard_shows_the_golden_example_to_the_cent(golden: Golden, pmo: Client) -> None:
    page = pmo.get("/en/p/esimerkki/?unit=eur").content
    print(text_of(page))

    assert figure_of(page, "forecast-with-base.programme.2025").startswith("−396,000.00")
    assert 0
