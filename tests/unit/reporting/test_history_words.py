"""Every kind of row and every field of history has a word; parts point to their wholes by columns that exist."""

from django.utils.functional import Promise

from core.changes import all_kinds, differences, read_cursor
from reporting.history.kinds import PARTS, WHOLES, WITHOUT_KEY
from reporting.history.labels import _ENDING, FIELD_WORDS, KIND_WORDS, field_word, page_word, reason_words
from reporting.history.wording import leaves

#: Tracked tables that belong to no programme: their history is on no page of these.
ELSEWHERE = {"accounts.user", "programme.organisation"}
TOLD = [kind for label, kind in all_kinds().items() if label not in ELSEWHERE]


def test_every_kind_is_of_a_programme_and_has_a_word() -> None:
    assert [kind.label for kind in TOLD if not kind.has_programme and kind.label not in WITHOUT_KEY] == []
    assert [kind.label for kind in TOLD if kind.label not in KIND_WORDS] == []
    assert set(KIND_WORDS) <= set(all_kinds())


def test_every_field_has_a_word_that_can_be_translated() -> None:
    missing = [
        f"{kind.label}.{field.name}"
        for kind in TOLD
        for field in kind.fields
        if not isinstance(field._verbose_name, Promise) and _ENDING.sub("", field.name) not in FIELD_WORDS
    ]

    assert missing == []


def test_parts_name_their_whole_by_a_column_that_exists() -> None:
    for whole, parts in WHOLES.items():
        assert whole in all_kinds()
        for part in parts:
            columns = {field.column for field in all_kinds()[part.label].model._meta.concrete_fields}
            assert part.via in columns
            assert part.of == whole or part.of in PARTS


def test_columns_that_say_nothing_are_not_told() -> None:
    told = {field.name for kind in TOLD for field in kind.fields}

    assert not told & {"id", "programme", "version", "created_at", "created_by", "updated_at", "updated_by"}


def test_empty_and_missing_do_not_differ() -> None:
    kind = all_kinds()["programme.theme"]

    assert differences(kind, None, {"name_fi": "", "owner_id": None}) == []
    assert [field.name for field, _old, _new in differences(kind, {"name_fi": "A"}, {"name_fi": "B"})] == [
        "name_fi"
    ]


def test_words_of_places_and_reasons_fall_back_to_what_was_stored() -> None:
    (owner,) = [field for field in all_kinds()["measures.measure"].fields if field.name == "owner"]

    assert field_word(owner)
    assert page_word("somewhere:else") == "somewhere:else"
    assert reason_words("sovittu kokouksessa") == "sovittu kokouksessa"
    assert "2024-03" in reason_words("job status_view 2024-03")


def test_a_place_in_the_feed_is_read_back_and_nonsense_is_nothing() -> None:
    assert read_cursor("20241122T101112.000123-0a1b-ff") is not None
    for nonsense in (
        "",
        "x",
        "2024-01-01",
        "20241122T101112.000123-'; DROP TABLE",
        "20249999T101112.000123-a",
    ):
        assert read_cursor(nonsense) is None


def test_a_structure_is_told_piece_by_piece() -> None:
    words = {
        "theme": {"fi": "painopiste", "sv": "tyngdpunkt"},
        "years": [2023, 2024],
        "parts": [{"key": "a"}],
    }

    assert "; ".join(leaves(words)) == (
        "parts 1 key: a; theme fi: painopiste; theme sv: tyngdpunkt; years: 2023, 2024"
    )
    assert list(leaves(["Digi", "Palveluverkko"])) == ["Digi, Palveluverkko"]
