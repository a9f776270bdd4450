"""The small types of the programme file: texts in three languages, numbers, dates, amounts."""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

#: Power of ten between a cent and one of the unit of the file.
MONEY_UNITS = {"€": 2, "EUR": 2, "1 000 €": 5, "k€": 5, "M€": 8}
MoneyUnit = Literal["€", "EUR", "1 000 €", "k€", "M€"]

Language = Literal["fi", "sv", "en"]


class Part(BaseModel):
    """A mapping in the file. Unknown keys and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _number(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("write the day as 2023-06-20")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError("write the day as 2023-06-20") from None


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _period(value: str) -> str:
    month_range(value)
    return value


def month_range(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of a year (2024) or a month (2023-06). Raises ValueError for other text."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", text)
    if not match or not 1900 <= int(match[1]) <= 2200 or (match[2] and not 1 <= int(match[2]) <= 12):
        raise ValueError("write a month as 2023-06 or a year as 2024")
    year, first = int(match[1]), int(match[2] or 1)
    last = int(match[2] or 12)
    following = dt.date(year + last // 12, last % 12 + 1, 1)
    return dt.date(year, first, 1), following - dt.timedelta(days=1)


Number = Annotated[Decimal, BeforeValidator(_number)]
Share = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=100)]
Day = Annotated[dt.date, BeforeValidator(_date)]
Year = Annotated[int, Field(ge=1900, le=2200)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Small = Annotated[int, Field(ge=0, le=30_000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Mark = Annotated[str, BeforeValidator(_as_text), StringConstraints(min_length=1, max_length=50)]
Period = Annotated[str, BeforeValidator(_as_text), AfterValidator(_period)]


class Words(Part):
    """The same text in up to three languages."""

    fi: Prose | None = Field(None, description="the text in Finnish")
    sv: Prose | None = Field(None, description="the text in Swedish")
    en: Prose | None = Field(None, description="the text in English")


class Text(Words):
    """A text. A plain string is read in `plain_text_language`."""

    plain: str = Field("", exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"plain": value}
        if isinstance(value, dict) and "plain" in value:
            raise ValueError("unknown key 'plain'")
        return value

    @model_validator(mode="after")
    def _not_empty(self) -> "Text":
        if not (self.fi or self.sv or self.en or self.plain.strip()):
            raise ValueError("give the text in at least one language")
        if len(self.plain) > 2000:
            raise ValueError("the text is longer than 2000 characters")
        return self


class Named(Words):
    """A thing with its name in at least one language."""

    @model_validator(mode="after")
    def _has_name(self) -> "Named":
        if not (self.fi or self.sv or self.en):
            raise ValueError("give the name in at least one language (fi, sv, en)")
        return self


class Sourced(Part):
    """Where a thing comes from."""

    confidence: Prose | None = Field(None, description="how sure the figure or text is, in words")
    note: Prose | None = Field(None, description="a note on the source, kept beside the figure")
    page: Mark | None = Field(None, description="page or section of the source")


class Item(Named, Sourced):
    """A line of a list."""

    number: Small | None = Field(None, description="number in the source")


class ItemOrText(Item):
    """A line of a list; a plain string is its text in `plain_text_language`."""

    plain: str = Field("", exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, dict) and "plain" in value:
            raise ValueError("unknown key 'plain'")
        return {"plain": value} if isinstance(value, str) else value

    def _has_name(self) -> "ItemOrText":  # type: ignore[override]
        if not (self.fi or self.sv or self.en or self.plain.strip()):
            raise ValueError("give the text in at least one language")
        return self


class Pair(Part):
    """Two scenario ends. They have no order: -28 ... -89 and 12 ... 16 are both right."""

    cautious: Number | None = Field(description="the cautious end; null when unknown")
    full: Number | None = Field(description="the full end; null when unknown")


def _cell(value: Any) -> Any:
    """A number is a single value; null an empty cell."""
    if isinstance(value, dict) or value is None:
        return value
    value = _number(value)
    if isinstance(value, Decimal):
        return value
    raise ValueError("write a number, a pair {cautious: ..., full: ...}, or null for an empty cell")


Cell = Annotated[Pair | Decimal | None, BeforeValidator(_cell)]


def to_cents(value: Decimal, unit: str) -> int:
    """Whole cents. Raises ValueError when the amount is finer than a cent or absurdly large."""
    cents = value.scaleb(MONEY_UNITS[unit])
    if cents != cents.to_integral_value():
        raise ValueError(f"{value} {unit} is finer than a cent")
    if abs(cents) > 900_000_000_000_000:
        raise ValueError(f"{value} {unit} is too large")
    return int(cents)
