"""Rows, metadata and texts of Sotkanet, read without a network."""

import json
from decimal import Decimal
from typing import Any

import pytest

from config import limits
from kpis.sotkanet.client import _seconds
from kpis.sotkanet.failures import Failure
from kpis.sotkanet.metadata import details_of, ended_in, regions_of
from kpis.sotkanet.rows import Wanted, parsed, rows_of_csv, rows_of_json
from kpis.sotkanet.texts import plain_text, safe_html
from tests.sotkanet.data import Data, indicator

WANTED = Wanted(5513, frozenset({2022, 2023}), frozenset({"total"}))
ROW: dict[str, Any] = {
    "indicator": 5513,
    "region": 20,
    "year": 2023,
    "gender": "total",
    "value": 11.6,
    "absValue": 2642,
}


def code_of(body: bytes) -> str:
    with pytest.raises(Failure) as caught:
        rows_of_json(body, WANTED)
    return caught.value.code


def body_of(*rows: Any) -> bytes:
    return json.dumps(rows).encode()


def test_values_are_exact_decimals_of_four_places() -> None:
    (row,) = rows_of_json(
        b'[{"indicator":5513,"region":20,"year":2023,"gender":"total","value":0.12345}]', WANTED
    )
    assert (row.value, row.abs_value) == (Decimal("0.1235"), None)
    assert rows_of_json(body_of(ROW), WANTED)[0].value == Decimal("11.6000")


def test_rows_come_sorted_and_unknown_keys_are_allowed() -> None:
    rows = rows_of_json(body_of(ROW, ROW | {"region": 5, "confidence": "x"}, ROW | {"year": 2022}), WANTED)
    assert [(row.region, row.year) for row in rows] == [(5, 2023), (20, 2022), (20, 2023)]


def test_null_is_a_value_that_is_not_there() -> None:
    assert rows_of_json(body_of(ROW | {"value": None}, ROW | {"year": 2022, "absValue": None}), WANTED) == [
        rows_of_json(body_of({k: v for k, v in ROW.items() if k != "absValue"} | {"year": 2022}), WANTED)[0]
    ]


def test_other_years_genders_and_regions_are_checked_and_left_out() -> None:
    others = [ROW | {"year": 1999}, ROW | {"gender": "male"}, ROW | {"region": 7}]
    only_20 = Wanted(5513, WANTED.years, WANTED.genders, frozenset({20}))
    assert [row.region for row in rows_of_json(body_of(ROW, *others), only_20)] == [20]
    assert code_of(body_of(ROW, ROW | {"year": 1999, "value": "x"})) == "wrong_type"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": True}, "wrong_type"), ({"value": "11,6"}, "wrong_type"), ({"region": "20"}, "wrong_type"),
        ({"year": 2023.0}, "wrong_type"), ({"gender": None}, "wrong_type"), ({"absValue": "x"}, "wrong_type"),
        ({"year": 20244}, "impossible_year"), ({"gender": "muu"}, "unknown_gender"),
        ({"indicator": 5514}, "other_indicator"), ({"value": 1e308}, "out_of_range"),
        ({"absValue": -1e200}, "out_of_range"), ({"value": float("nan")}, "not_a_number"),
        ({"value": float("-inf")}, "not_a_number"),
    ],
)  # fmt: skip
def test_one_wrong_row_refuses_the_whole_answer(change: dict[str, Any], code: str) -> None:
    assert code_of(body_of(ROW, ROW | {"region": 21} | change)) == code


@pytest.mark.parametrize("key", ["indicator", "region", "year", "gender", "value"])
def test_a_row_without_a_known_key_refuses_the_whole_answer(key: str) -> None:
    assert code_of(body_of(ROW, {name: value for name, value in ROW.items() if name != key})) == "missing_key"


def test_the_same_row_twice_refuses_the_whole_answer() -> None:
    assert code_of(body_of(ROW, ROW | {"value": 3})) == "duplicate_row"


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 5000])
def test_numbers_that_no_column_holds_are_refused(number: str) -> None:
    body = body_of(ROW).replace(b"11.6", number.encode())
    assert code_of(body) in {"out_of_range", "broken_json"}


def test_an_answer_that_would_fill_the_memory_is_not_parsed() -> None:
    assert code_of(b"[" + b"{}," * limits.SOTKANET_MAX_ROWS + b"{}]") == "too_many_rows"
    assert code_of(b"[" + b"1," * limits.SOTKANET_MAX_ROWS * 6 + b"1,1]") == "too_many_rows"
    assert code_of(b"[" * 50_000) == "too_deep"
    assert code_of(b'[{"a":' * 20_000) == "too_deep"


def test_fourteen_thousand_rows_are_within_the_limits() -> None:
    data = Data()
    (number,) = data.add_large(1)
    body = data.bodies[number].replace(b"@", b"%d" % number)
    wanted = Wanted(number, frozenset(range(2015, 2025)), frozenset({"total"}), frozenset({967, 957, 658}))
    assert len(parsed(body)) == 468 * 10 * 3
    assert len(rows_of_json(body, wanted)) == 30


# ---------------------------------------------------------------------------- CSV
HEAD = "indicator;region;year;gender;primary value;absolute value\r\n"


@pytest.mark.parametrize("mark", [".", ","])
def test_csv_with_decimal_point_and_with_comma(mark: str) -> None:
    body = f"{HEAD}5513;20;2023;total;11{mark}6;2642\r\n5513;21;2023;total;;\r\n".encode()
    (row,) = rows_of_csv(body, WANTED)
    assert (row.region, row.value, row.abs_value) == (20, Decimal("11.6"), Decimal(2642))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_answer"), ("a;b\r\n1;2\r\n", "wrong_shape"), (f"{HEAD}5513;20;2023;total;11.6\r\n", "broken_csv"),
        (f"{HEAD}5513;20;2023;total;NaN;\r\n", "wrong_type"), (f"{HEAD}5513;x;2023;total;1;\r\n", "wrong_type"),
        (f"{HEAD}5513;20;2023;total;1e308;\r\n", "wrong_type"), (f'{HEAD}5513;20;2023;"total;1;\r\n', "broken_csv"),
    ],
)  # fmt: skip
def test_broken_csv_is_refused(text: str, code: str) -> None:
    with pytest.raises(Failure) as caught:
        rows_of_csv(text.encode(), WANTED)
    assert caught.value.code == code


def test_csv_without_rows_is_no_data() -> None:
    assert rows_of_csv(HEAD.encode(), WANTED) == []


# ---------------------------------------------------------------------------- metadata
@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("THL:n sairastavuusindeksi, ikävakioitu (-2019)", 2019), ("Verotulot, euroa / asukas (\u20132022) ", 2022),
        ("Jokin (2010-2015)", 2015), ("Väestö 31.12.", None), ("Osuus (%) (-2019), 65 vuotta täyttäneet", None),
    ],
)  # fmt: skip
def test_a_title_may_say_that_its_series_has_ended(title: str, year: int | None) -> None:
    assert ended_in(title) == year


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": {"fi": 5}}, "wrong_type"), ({"title": {"fi": "", "sv": " "}}, "missing_key"),
        ({"range": {"start": "2000", "end": 2024}}, "wrong_type"),
        ({"range": {"start": 2024, "end": 2000}}, "wrong_shape"),
        ({"data-updated": "2026-13-40"}, "wrong_type"), ({"data-updated": 20260101}, "wrong_type"),
        ({"id": 4}, "other_indicator"), ({"id": "5"}, "wrong_type"), ({"organization": None}, "wrong_type"),
        ({"decimals": "1"}, "wrong_type"), ({"classifications": []}, "wrong_type"),
    ],
)  # fmt: skip
def test_metadata_of_another_shape_is_refused(change: dict[str, Any], code: str) -> None:
    body = json.dumps(indicator(5, "Jokin", 2000, 2024) | change).encode()
    with pytest.raises(Failure) as caught:
        details_of(body, 5)
    assert caught.value.code == code


def test_a_key_that_is_not_there_is_told_by_name() -> None:
    row = indicator(5, "Jokin", 2000, 2024)
    del row["data-updated"]
    with pytest.raises(Failure) as caught:
        details_of(json.dumps(row).encode(), 5)
    assert (caught.value.code, caught.value.params["key"]) == ("missing_key", "$.data-updated")


def test_every_recorded_answer_is_read() -> None:
    for number, row in Data().indicators.items():
        assert details_of(json.dumps(row).encode(), number).title["fi"] == row["title"]["fi"].strip()


def test_region_codes_keep_their_zeros_and_may_be_missing() -> None:
    rows = [
        {"id": 961, "category": "HYVINVOINTIALUE", "code": "01", "title": {"fi": "Itä-Uusimaa"}, "new": 1},
        {"id": 658, "category": "MAA", "code": None, "title": {"fi": "Koko maa"}},
    ]
    assert [(row.id, row.code) for row in regions_of(json.dumps(rows).encode())] == [(658, ""), (961, "01")]


# ---------------------------------------------------------------------------- texts, Retry-After
@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a<script>alert(1)</script>b", "ab"), ('<p id=suhteutus onclick="x">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', '<a>a</a>'),
        ('<a href="/sotkanet/fi">a</a>', '<a>a</a>'),
        ("a<BR>b<UL><li>c</UL>", "a<br>b<ul><li>c</li></ul>"), (" ", ""), ("<p> </p>", ""),
        ('<img src=x onerror=alert(1)>kuva', "kuva"), ("2 < 3 & 4", "2 &lt; 3 &amp; 4"),
    ],
)  # fmt: skip
def test_texts_are_made_harmless(text: str, safe: str) -> None:
    assert safe_html(text) == safe


def test_plain_words_are_apart_where_blocks_were() -> None:
    assert (
        plain_text("Yksi<br>kaksi<p id=x>kolme &amp; <b>neljä</b></p>\n viisi")
        == "Yksi kaksi kolme & neljä viisi"
    )


@pytest.mark.parametrize("said", ["soon", "-1", "1.5", "Wed, 99 Foo", ""])
def test_a_retry_after_that_means_nothing_is_longer_than_any_limit(said: str) -> None:
    assert _seconds(said) > limits.SOTKANET_RETRY_AFTER


def test_a_retry_after_in_the_past_is_now() -> None:
    assert _seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0
