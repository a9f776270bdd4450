"""Template filters for amounts, shares, months and texts in several languages."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from core.money import Pair

NBSP = "\u00a0"


def shown(source, language="fi", **values):
    with translation.override(language):
        return Template("{% load money texts %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ x|meur }}", -5_420_000_000, "\u221254,2"),
        ('{{ x|meur:"unit trim" }}', -7_800_000_000, f"\u221278{NBSP}M€"),
        ('{{ x|meur:"plain" }}', 7_800_000_000, "78,0"),
        ('{{ x|meur:"3" }}', 123_400_000, "+1,234"),
        ("{{ x|keur }}", -123_450_000, f"\u22121{NBSP}235"),
        ("{{ x|eur }}", -123_450, f"\u22121{NBSP}234,50"),
        ('{{ x|eur:"0" }}', -123_450, f"\u22121{NBSP}235"),
        ('{{ x|money:"keur" }}', -123_450_000, f"\u22121{NBSP}235"),
        ('{{ x|money:"nonsense" }}', -5_420_000_000, "\u221254,2"),
        ("{{ x|pair }}", Pair(-2_800_000_000, -8_900_000_000), "\u221228…\u221289"),
        ('{{ x|pair:"keur" }}', Pair(100_000_000, 200_000_000), f"+1{NBSP}000…+2{NBSP}000"),
        ("{{ x|share }}", Decimal("0.792"), f"79{NBSP}%"),
        ("{{ x|share:1 }}", 0.792, f"79,2{NBSP}%"),
        ("{{ x|number:1 }}", Decimal("1234.56"), f"1{NBSP}234,6"),
        ("{{ x|month }}", date(2024, 3, 1), "3/2024"),
    ],
)
def test_figures_are_shown_as_finns_write_them(source, value, expected):
    assert shown(source, x=value) == expected


@pytest.mark.parametrize("name", ["meur", "keur", "eur", "money", "pair", "share", "number", "month"])
def test_unknown_is_a_dash_and_never_zero(name):
    assert shown("{{ x|" + name + " }}", x=None) == "–"
    assert shown("{{ missing|" + name + " }}") == "–"


def test_pair_reads_a_target_row():
    row = SimpleNamespace(cautious_eur_cents=-1_700_000_000, full_eur_cents=-7_800_000_000)
    assert shown('{{ x|pair:"unit" }}', x=row) == f"\u221217…\u221278{NBSP}M€"


def test_an_amount_carries_the_word_for_its_sign():
    assert shown("{% amount x %}", "en", x=-5_420_000_000) == (
        f'<span class="amount">\u221254.2{NBSP}M€ <span class="amount-word">saving</span></span>'
    )


def test_a_text_in_another_language_is_marked():
    row = SimpleNamespace(name_fi="Säästöt & <b>", name_sv="", name_en="Savings")
    assert shown("{{ x|tr }}", "fi", x=row) == "Säästöt &amp; &lt;b&gt;"
    assert shown("{{ x|tr }}", "en", x=row) == "Savings"
    marked = shown("{{ x|tr }}", "sv", x=row)
    assert '<span lang="fi" class="fallback">Säästöt &amp; &lt;b&gt;</span>' in marked
    assert ">FI</abbr>" in marked
    assert shown("{{ x|tr_plain }}", "sv", x=row) == "Säästöt &amp; &lt;b&gt;"
    assert shown("{{ x|tr }}", x=None) == ""
