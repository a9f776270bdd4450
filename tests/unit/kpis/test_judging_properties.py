"""What holds of every rule and figure: better figures never make a worse answer, and every answer has its sentence."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.calculations import Judged, RuleData
from kpis.calculations.outcomes import Said
from kpis.sentences import CODES, sentence_of
from tests.factories.figures import answer, figures, groups, line, point, rule

ONE_IN_TEN = st.integers(-2000, 2000).map(lambda tenths: Decimal(tenths) / 10)
POSITIVE = st.integers(1, 2000).map(lambda tenths: Decimal(tenths) / 10)
#: From worst to best. A person asked is better than a figure that went the wrong way.
ORDER = [Said.NOT_MET, Said.PARTLY, Said.ON_THE_WAY, Said.TO_BE_JUDGED, Said.MET]

#: Rules by the direction in which they want the figure to go; `limit` is drawn.
RULES: dict[str, list[Any]] = {
    "up": [
        lambda limit: rule("compare", compare="above", value=limit),
        lambda limit: rule("compare", compare="at_least", value=limit),
        lambda limit: rule("compare", compare="above", reference="national_average"),
        lambda limit: rule("share", compare="at_least", value=limit, year=2025),
        lambda limit: rule("level", compare="at_least", value=limit),
        lambda limit: rule("absolute_change", direction="up", value=abs(limit) + 1),
        lambda limit: rule("relative_change", direction="up", value=abs(limit) + 1),
        lambda limit: rule("relative_change_range", direction="up", low=abs(limit) + 1, high=abs(limit) + 2),
        lambda limit: rule("direction", direction="up", magnitude="significant"),
        lambda limit: rule("series_increase"),
        lambda limit: rule("all_of", parts=(RULES["up"][0](limit), RULES["up"][2](limit))),
    ],
    "down": [
        lambda limit: rule("compare", compare="below", value=limit),
        lambda limit: rule("compare", compare="at_most", value=limit),
        lambda limit: rule("compare", compare="below", reference="national_average"),
        lambda limit: rule("absolute_change", direction="down", value=abs(limit) + 1),
        lambda limit: rule(
            "relative_change_range", direction="down", low=abs(limit) + 1, high=abs(limit) + 2
        ),
        lambda limit: rule("ratio_to_baseline", compare="at_most", value="0.5"),
        lambda limit: rule("direction", direction="down", magnitude="any"),
        lambda limit: rule("all_of", parts=(RULES["down"][6](limit), RULES["down"][2](limit))),
    ],
}


@pytest.mark.parametrize("direction", ["up", "down"])
@settings(max_examples=120, deadline=None)
@given(
    data=st.data(), limit=ONE_IN_TEN, start=POSITIVE, country=ONE_IN_TEN, year=st.sampled_from([2024, 2025])
)
def test_a_better_figure_is_never_a_worse_answer(
    direction: str, data: st.DataObject, limit: Decimal, start: Decimal, country: Decimal, year: int
) -> None:
    said: RuleData = data.draw(st.sampled_from(RULES[direction]))(limit)
    first, second = sorted(data.draw(st.tuples(ONE_IN_TEN, ONE_IN_TEN)))
    worse, better = (first, second) if direction == "up" else (second, first)
    found = [
        answer(
            said,
            line({2022: start, 2023: start, year - 1: start, year: own}, {year: country}, baseline=2022),
            year,
        )
        for own in (worse, better)
    ]
    assert ORDER.index(found[0].outcome) <= ORDER.index(found[1].outcome)
    ways = [one.progress for one in found]
    assert None in ways or ways[0] <= ways[1]  # type: ignore[operator]


# ---------------------------------------------------------------------------- sentences
def _examples() -> dict[str, tuple[Said, dict[str, Any]]]:
    """One answer of every code, as judging gives them."""
    country = rule("compare", compare="above", reference="national_average")
    grown = rule("direction", direction="up", magnitude="significant")
    digital = rule("share", compare="at_least", value=30, year=2025)
    peers = {str(number): Decimal(number) for number in range(2, 12)}
    ages = {"a": {"fi": "Nuoret", "sv": "Unga", "en": "The young"}}
    march = line({}, {2024: 51})
    march.own[2024] = point(2024, 48, period="2024-03")
    found = [
        answer(rule("compare", compare="below", value="0.9"), line({2024: "0.9"}), 2024),
        answer(digital, line({2024: 26}), 2024),
        answer(digital, line({2025: 26}), 2025),
        answer(country, line({2024: "48.3"}, {2024: "51.0"}), 2024),
        answer(country, line({2024: "48.3"}, {2023: "51.0"}), 2024),
        answer(country, line({2024: "48.3"}), 2024),
        answer(country, march, 2024),
        answer(rule("absolute_change", direction="down", value=20), line({2022: 248, 2024: 230}), 2024),
        answer(rule("relative_change", direction="up", value=20), line({2022: 200, 2024: 230}), 2024),
        answer(
            rule("relative_change_range", direction="up", low=25, high=30), line({2022: 100, 2025: 131}), 2025
        ),
        answer(rule("relative_change", direction="up", value=20), line({2022: 0, 2024: 230}), 2024),
        answer(rule("ratio_to_baseline", value="0.5"), line({2022: 6, 2024: 4}), 2024),
        answer(rule("ratio_to_baseline", value="0.5", baseline_date="2023-01"), line({2024: 4}), 2024),
        answer(rule("direction", direction="down", magnitude="any"), line({2022: 6, 2024: 4}), 2024),
        answer(grown, line({2022: 6, 2024: 8}), 2024),
        answer(rule("series_increase"), line({2023: 100, 2024: 120}), 2024),
        answer(rule("series_increase"), line({2023: 100}), 2023),
        answer(rule("rank", value=3, unit="rank"), line({2024: 4}), 2024),
        answer(rule("rank", value=3), line({2024: 4}), 2024, better="down"),
        answer(rule("rank", value=3), line({2024: 4}), 2024),
        answer(rule("rank", value=3), line({2024: 1}, peers={2024: peers}), 2024, better="down"),
        answer(country, line({2023: 48}), 2025),
        answer(country, line({2023: 48}), 2024, lag_months=0),
        answer(country, line({2023: 48}), 2024, lag_months=0, cycle_months=24),
        answer(country, line({2021: 48}, {2021: 51}), 2021),
        answer(country, line({}), 2021),
        answer(rule("level"), line({2024: 1}), 2024),
        answer(rule("qualitative", word_in_source="valtaosin"), line({2023: 61, 2024: 64}), 2024),
        answer(rule("yes_no"), line({}), 2024),
        answer(rule("yes_no"), line({}), 2024, judgements={2024: Judged("yes", "Valmis.")}),
        answer(grown, line({2024: 3}), 2024, judgements={2024: Judged("partly", "Kasvu riittää osin")}),
        answer(rule("to_be_specified"), line({}), 2024),
        answer(rule("all_of", parts=(country, grown)), line({2022: 6, 2024: 8}, {2024: 9}), 2024),
        answer(country, figures(line({2024: 48}, {2024: 51}), line({2024: 52}, {2024: 51})), 2024),
        answer(country, groups(a=line({2024: 48}, {2024: 51})), 2024, every_group=True, groups=ages),
        answer(country, line({2024: 52}, {2024: 51}), 2024, every_group=True),
    ]
    return {one.code: (one.outcome, one.params) for one in found}


def test_every_code_has_an_example() -> None:
    assert set(_examples()) == set(CODES)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_answer_has_a_sentence_in_every_language(language: str) -> None:
    with translation.override(language):
        for code, (outcome, params) in _examples().items():
            text = sentence_of(outcome, code, params)
            assert text.endswith(".") and "%(" not in text and "None" not in text, (code, text)
            for name in ("own", "country", "start"):
                if name in params and code not in ("rank",):
                    assert re.search(rf"\b{params[name][1][:4]}\b", text), (
                        code,
                        text,
                    )  # the year of the figure


@settings(max_examples=60, deadline=None)
@given(own=ONE_IN_TEN, apart=st.integers(1, 30000), scale=st.sampled_from([1, 10, 100, 1000, 10000]))
def test_figures_that_differ_never_look_the_same(own: Decimal, apart: int, scale: int) -> None:
    country = own + Decimal(apart) / scale
    found = answer(
        rule("compare", compare="above", reference="national_average"),
        line({2024: own}, {2024: country}),
        2024,
    )
    with translation.override("en"):
        text = sentence_of(found.outcome, found.code, found.params).replace("\u00a0", " ")
    shown = re.findall(r"(−?[0-9][0-9,]*\.?[0-9]*) %", text)
    assert len(shown) == 2 and shown[0] != shown[1], text


def test_what_is_below_the_limit_is_never_shown_as_the_limit() -> None:
    found = answer(rule("compare", compare="at_least", value=100), line({2024: "99.96"}), 2024)
    with translation.override("en"):
        text = sentence_of(found.outcome, found.code, found.params).replace("\u00a0", " ")
    assert text.startswith("Not met: 99.96 % (E-K 2024) falls short of the target 100 %")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Not met: 48.3 % (E-K 2024) is below the whole country's 51.0 % (2024); source Sotkanet 4280, "
               "fetched 3 November 2026."),
        ("fi", "Ei toteutunut: 48,3 % (E-K 2024) on alle koko maan 51,0 % (2024); lähde Sotkanet 4280, "
               "haettu 3.11.2026."),
        ("sv", "Inte uppnådd: 48,3 % (E-K 2024) är under hela landets 51,0 % (2024); källa Sotkanet 4280, "
               "hämtat 3.11.2026."),
    ],
)  # fmt: skip
def test_the_sentence_names_figures_years_source_and_day(language: str, told: str) -> None:
    found = answer(
        rule("compare", compare="above", reference="national_average"),
        line({2024: "48.3"}, {2024: "51.0"}),
        2024,
    )
    with translation.override(language):
        text = sentence_of(found.outcome, found.code, found.params).replace("\u00a0", " ")
    assert text == told
