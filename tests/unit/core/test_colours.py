"""Colours of a county: contrast as WCAG counts it, and a nearest colour that always passes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.colours import (
    DARK,
    LIGHT,
    SHAPE,
    TEXT,
    NotAColour,
    contrast,
    judged,
    luminance,
    nearest_passing,
    normal,
    shades,
    theme_css,
)
from core.fields import ColourField

HEXES = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS = Path(settings.BASE_DIR, "static/css/tokens.css").read_text(encoding="utf-8")


def tokens(scheme):
    """The colour tokens of one scheme as the style sheet states them."""
    light, dark = TOKENS.split("prefers-color-scheme: dark")
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", light if scheme is LIGHT else dark))


def test_contrast_of_known_pairs():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert luminance("#ff0000") == pytest.approx(0.2126)


@pytest.mark.parametrize(
    ("written", "read"), [("#0F4C5C", "#0f4c5c"), ("fff", "#ffffff"), (" #abc ", "#aabbcc")]
)
def test_colours_are_read_as_people_write_them(written, read):
    assert normal(written) == read


@pytest.mark.parametrize("text", ["", "petrol", "#12345", "#12345g", "rgb(0,0,0)"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(NotAColour):
        normal(text)


@given(HEXES)
def test_the_nearest_colour_passes_and_a_passing_one_stays(colour):
    for scheme in (LIGHT, DARK):
        found = nearest_passing(colour, scheme)
        assert all(contrast(found, other) >= TEXT for other in scheme.against.values())
        if judged(colour, scheme).passes:
            assert found == colour


@given(HEXES)
def test_every_shade_of_any_accent_can_be_read(colour):
    for scheme in (LIGHT, DARK):
        made = shades(colour, scheme)
        assert contrast(made["accent"], made["accent-4"]) >= SHAPE
        assert contrast(made["accent-2"], scheme.surface) >= SHAPE
        assert contrast(made["on-accent"], made["accent"]) >= TEXT
        assert contrast(made["on-accent"], made["accent-hover"]) >= TEXT
        assert contrast(made["focus"], scheme.sunken) >= SHAPE


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_schemes_stand_on_the_surfaces_of_the_style_sheet(scheme):
    stated = tokens(scheme)

    assert (stated["surface"], stated["sunken"], stated["on-accent"]) == (
        scheme.surface, scheme.sunken, scheme.on_accent,
    )  # fmt: skip


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_text_of_the_style_sheet_is_readable_on_both_surfaces(scheme):
    stated = tokens(scheme)

    for name in ("ink", "muted", "accent", "ok", "warn", "bad", "info", "none"):
        for surface in ("surface", "sunken"):
            assert contrast(stated[name], stated[surface]) >= TEXT, (name, surface)
    for name in ("line-strong", "accent-2", "focus"):
        assert contrast(stated[name], stated["surface"]) >= SHAPE, name
    for name in ("ok", "warn", "bad"):
        assert contrast(stated[name], stated[f"{name}-bg"]) >= TEXT, name
        assert contrast(stated["ink"], stated[f"{name}-bg"]) >= TEXT, name
    assert contrast(stated["accent"], stated["accent-4"]) >= TEXT
    assert contrast(stated["muted"], stated["accent-4"]) >= TEXT


def test_the_style_sheet_of_a_county_sets_the_accent_in_both_schemes():
    sheet = theme_css("#7a1f5c")

    assert sheet.startswith(":root{--accent:#7a1f5c;--accent-hover:#")
    assert "@media screen and (prefers-color-scheme:dark){:root{--accent:#" in sheet
    assert sheet.count("--focus:") == 2


# --- the form field -------------------------------------------------------------------------------------


def test_a_colour_that_passes_is_kept_in_its_normal_form():
    assert ColourField().clean("#0F4C5C") == "#0f4c5c"
    assert ColourField(required=False).clean("") is None


def test_a_pale_colour_is_refused_with_its_ratio_and_the_nearest_that_passes():
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            ColourField().clean("#7fc4d3")
        said = refused.value.messages[0]

    nearest = judged("#7fc4d3", LIGHT).nearest
    assert re.search(r"contrast is 1\.7\d:1, at least 4\.5:1", said)
    assert said.endswith(f"{nearest}.")
    assert ColourField().clean(nearest) == nearest


def test_a_word_is_no_colour():
    with pytest.raises(ValidationError, match="#0f4c5c"):
        ColourField().clean("petrol")
