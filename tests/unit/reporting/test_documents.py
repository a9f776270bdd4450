"""The canonical text of a frozen document, and the readers of its schemas."""

import hashlib
import json

import pytest

from reporting.documents import READERS, NotCanonical, UnknownSchema, canonical, read_document, sha256_of


def test_same_content_gives_the_same_text_whatever_the_order_of_its_keys() -> None:
    assert canonical({"b": 1, "a": {"d": None, "c": "ä"}}) == '{"a":{"c":"ä","d":null},"b":1}'
    assert canonical({"a": {"c": "ä", "d": None}, "b": 1}) == '{"a":{"c":"ä","d":null},"b":1}'


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"day": object()}, [0.1]])
def test_floats_and_objects_are_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical({"value": value})


def test_hash_is_of_the_utf8_bytes() -> None:
    assert sha256_of("ä") == hashlib.sha256(b"\xc3\xa4").hexdigest()
    assert sha256_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_every_schema_that_was_ever_written_has_a_reader() -> None:
    assert {"status-view/0", "status-view/1"} <= set(READERS)


def test_an_unknown_schema_is_said_not_guessed() -> None:
    with pytest.raises(UnknownSchema):
        read_document('{"schema":"status-view/99"}')


OLD = {
    "schema": "status-view/0",
    "programme": "esimerkki",
    "month": "2023-12",
    "as_of": "2023-12-31",
    "order": ["forecast.programme.2025", "confirmed.programme.2025"],
    "figures": {
        "forecast.programme.2025": {"cents": -28_800_000, "label": {"fi": "Ennuste"}},
        "confirmed.programme.2025": {"cents": None, "label": {"fi": "Vahvistettu"}},
    },
}


def test_the_trial_schema_is_read_into_the_present_one() -> None:
    document = read_document(json.dumps(OLD))

    assert document["schema"] == "status-view/1"
    assert document["period"] == "2023-12"
    assert document["figures"]["forecast.programme.2025"]["cents"] == -28_800_000
    rows = document["blocks"][0]["rows"]
    assert [row["cells"][1]["figure"] for row in rows] == OLD["order"]
