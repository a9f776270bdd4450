"""Dates and times as Finnish public administration writes them in its three languages."""

from datetime import date, datetime

import pytest
from django import forms
from django.utils import formats, translation

DAY = date(2026, 11, 22)
MOMENT = datetime(2026, 3, 1, 9, 5)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("fi", "22.11.2026", "1.3.2026 9.05"),
        ("sv", "22.11.2026", "1.3.2026 9.05"),
        ("en", "22 November 2026", "1 March 2026 09:05"),
    ],
)
def test_dates_are_shown_as_each_language_writes_them(language, day, moment):
    with translation.override(language):
        assert formats.date_format(DAY) == day
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == moment
        assert formats.date_format(DAY, "SHORT_DATE_FORMAT") == "22.11.2026"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("text", ["22.11.2026", "2026-11-22"])
def test_finnish_and_machine_dates_are_read_in_every_language(language, text):
    with translation.override(language):
        assert forms.DateField().clean(text) == DAY


def test_times_are_read_with_a_full_stop():
    with translation.override("fi"):
        assert forms.TimeField().clean("9.05").strftime("%H:%M") == "09:05"


def test_years_are_never_grouped():
    with translation.override("fi"):
        assert formats.localize(2026) == "2026"
