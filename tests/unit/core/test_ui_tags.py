"""Tags of the design system."""

from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.utils import translation

from core.templatetags import ui


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("4660.0000"), "4\u00a0660"),
        (Decimal("90.7000"), "90,7"),
        (Decimal("-9.0000"), "\u22129"),
        (None, "–"),
        ("noin", "noin"),
        (Decimal("1E+3"), "1\u00a0000"),
    ],
)
def test_quantity_has_the_decimals_it_has(value: object, shown: str) -> None:
    with translation.override("fi"):
        assert ui.quantity(value) == shown


def test_text_of_another_language_is_marked() -> None:
    with translation.override("sv"):
        shown = ui.text({"fi": "Väestö", "en": "Population"})
    assert 'lang="fi"' in shown
    assert "<abbr" in shown


def test_text_of_the_asked_language_is_plain() -> None:
    with translation.override("fi"):
        assert ui.text({"fi": "Väestö", "en": "Population"}) == "Väestö"


def test_text_is_escaped() -> None:
    with translation.override("sv"):
        assert "<script>" not in ui.text({"fi": "<script>"})


def test_share_range_with_equal_ends_is_one_figure() -> None:
    with translation.override("fi"):
        assert ui.share_range(Decimal("30.000"), Decimal("40.000")) == "30…40\u00a0%"
        assert ui.share_range(Decimal("10.000"), Decimal("10.000")) == "10\u00a0%"


def test_status_has_shape_and_word() -> None:
    shown = ui.status("bad", "vaarassa")
    assert "■" in shown
    assert "vaarassa" in shown
    assert 'aria-hidden="true"' in shown


def test_unknown_status_is_no_data_never_good() -> None:
    assert "status--none" in ui.status("???", "?")


def test_query_with_keeps_the_rest() -> None:
    request = RequestFactory().get("/x/?goal=3&page=2")
    assert ui.query_with({"request": request}, page=5) == "?goal=3&page=5"
    assert ui.query_with({"request": request}, page=None) == "?goal=3"
