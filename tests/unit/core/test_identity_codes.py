"""Personal identity codes are found in whatever is written, and nothing else is taken for one."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.identity_codes import CENTURIES, WithoutCodes, check_character, found_in, refuse

SIGNS = {century: [sign for sign in CENTURIES if CENTURIES[sign] == century] for century in (18, 19, 20)}
AROUND = st.sampled_from(["", " ", "(", "hetu ", "hetu:", "asiakas\n", "\t", "Dnro 12/2024, ", "«", "äö "])
AFTER = st.sampled_from(["", " ", ")", ".", ", k. 31.3.2024", ":n asia", "\n", "!", "\u00a0mukaan"])


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A valid code of any century sign and number."""
    born = draw(st.dates(dt.date(1850, 1, 1), dt.date(2049, 12, 31)))
    sign = draw(st.sampled_from(SIGNS[born.year // 100]))
    number = f"{draw(st.integers(2, 999)):03}"
    return f"{born:%d%m%y}{sign}{number}{check_character(f'{born:%d%m%y}', number)}"


@given(code=codes(), before=AROUND, after=AFTER, small=st.booleans())
def test_every_code_is_found_in_running_text(code: str, before: str, after: str, small: bool) -> None:
    written = code.lower() if small else code

    assert found_in(f"{before}{written}{after}") == [written]
    with pytest.raises(ValidationError):
        refuse(f"{before}{written}{after}")


@given(code=codes())
def test_a_wrong_check_character_is_no_code(code: str) -> None:
    others = set("0123456789ABCDEFHJKLMNPRSTUVWXY") - {code[-1]}

    assert all(found_in(code[:-1] + other) == [] for other in others)


@pytest.mark.parametrize("sign", CENTURIES)
def test_all_signs_of_a_century_are_known(sign: str) -> None:
    code = f"131052{sign}308T"

    assert found_in(code) == [code]


@pytest.mark.parametrize(
    "written", ["131052–308T", "131052 − 308T", "131052 -308T", "１３１０５２-308T", "131052‑308t"]
)
def test_other_dashes_spaces_and_digits_do_not_hide_a_code(written: str) -> None:
    assert len(found_in(f"Asiakas {written} soitti")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "KHVA/1234/00.01.02/2024", "Dnro 210/00.02.00/2023", "§ 35, 14.6.2023", "040 123 4567", "+358 40 123 4567",
        "010203-1235", "puh. 05 352 000", "Y-tunnus 3221329-6", "FI21 1234 5600 0007 85", "12.10.2024-31.12.2024",
        "1.1.2024–31.12.2024", "2023-2025", "320152-308T", "311352-308T", "131052*308T", "131052-308TX", "9131052-308T",
        "131052-3080T", "-28…-89 M€", "300223-001A", "3001-2024-123456",
    ],
)  # fmt: skip
def test_other_numbers_are_no_alarm(text: str) -> None:
    assert found_in(text) == []
    refuse(text)


def test_a_day_that_never_was_is_no_code() -> None:
    leap, none = (
        f"290204A123{check_character('290204', '123')}",
        f"290203A123{check_character('290203', '123')}",
    )

    assert found_in(leap) == [leap]
    assert found_in(none) == []


def test_what_is_no_text_passes() -> None:
    for value in (None, 131052308, ["131052-308T"], True):
        refuse(value)


def test_a_form_names_the_field_and_helps() -> None:
    class Note(WithoutCodes):
        subject = forms.CharField()
        note = forms.CharField()

    with translation.override("en"):
        form = Note({"subject": "Ward", "note": "Patient 131052-308T called"})

        assert list(form.errors) == ["note"]
        assert "Take it out" in form.errors["note"][0]
