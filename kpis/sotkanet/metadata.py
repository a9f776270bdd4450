"""What Sotkanet says of its indicators and regions, checked and made safe to show."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from kpis.sotkanet.failures import Failure
from kpis.sotkanet.rows import parsed
from kpis.sotkanet.texts import plain_text, safe_html

LANGUAGES = ("fi", "sv", "en")
TEXTS = ("description", "interpretation", "limits", "legislation", "notices")
T = TypeVar("T", bound=BaseModel)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of all indicators; titles and the producer's names by language, plain text."""

    id: int
    title: dict[str, str]
    organisation_id: int | None
    organisation: dict[str, str]
    data_updated: date | None = None
    range_start: int | None = None
    range_end: int | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known of an indicator. `texts` is safe HTML by name and language, `words` plain text to search."""

    id: int
    title: dict[str, str]
    organisation_id: int | None
    organisation: dict[str, str]
    texts: dict[str, dict[str, str]]
    words: dict[str, str]
    value_type: str
    decimals: int | None
    range_start: int
    range_end: int
    genders: tuple[str, ...]
    data_updated: date
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""

    @property
    def says_ended(self) -> int | None:
        """The year in a title like "Verotulot (-2022)": the series goes on under another id, if at all."""
        return ended_in(self.title.get("fi", ""))


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region; `code` keeps its leading zeros and is empty where there is none. The key is category and code."""

    id: int
    category: str
    code: str
    name: dict[str, str]
    member_of: tuple[int, ...] = field(default=())


_ENDED = re.compile(r"\(\s*(?:\d{4}\s*)?[-\u2013]\s*((?:19|20)\d{2})\s*\)\s*$")


def ended_in(title: str) -> int | None:
    """The last year of a series whose title tells that it has ended, None for one that goes on."""
    found = _ENDED.search(title)
    return int(found.group(1)) if found else None


# ---------------------------------------------------------------------------- shapes on the wire
def _none_is_empty(value: Any) -> Any:
    return "" if value is None else value


_Text = Annotated[str, BeforeValidator(_none_is_empty)]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", populate_by_name=True)


class _Texts(_Shape):
    fi: _Text = ""
    sv: _Text = ""
    en: _Text = ""

    def plain(self) -> dict[str, str]:
        return {language: plain_text(getattr(self, language)) for language in LANGUAGES}

    def safe(self) -> dict[str, str]:
        return {name: text for name in LANGUAGES if (text := safe_html(getattr(self, name)))}


class _Organisation(_Shape):
    id: int | None = None
    title: _Texts


class _Range(_Shape):
    start: int = Field(ge=1800, le=2100)
    end: int = Field(ge=1800, le=2100)


class _Classification(_Shape):
    values: list[str] = []


class _ValueType(_Shape):
    code: _Text = ""


class _Listed(_Shape):
    id: int = Field(gt=0, lt=2**31)
    title: _Texts
    organization: _Organisation
    updated: str | None = Field(None, alias="data-updated", pattern=r"^\d{4}-\d{2}-\d{2}$")
    range: _Range | None = None


class _Details(_Shape):
    id: int = Field(gt=0, lt=2**31)
    title: _Texts
    organization: _Organisation
    updated: str = Field(alias="data-updated", pattern=r"^\d{4}-\d{2}-\d{2}$")
    range: _Range
    description: _Texts = _Texts()
    interpretation: _Texts = _Texts()
    limits: _Texts = _Texts()
    legislation: _Texts = _Texts()
    notices: _Texts = _Texts()
    primaryValueType: _ValueType = _ValueType()
    decimals: int | None = Field(None, ge=0, le=20)
    classifications: dict[str, _Classification] = {}
    subjects: list[_Texts] = []


class _Region(_Shape):
    id: int = Field(gt=0, lt=2**31)
    category: str = Field(min_length=1, max_length=30)
    code: str | None = Field("", max_length=10)
    title: _Texts
    memberOf: list[int] | None = None


_DETAILS, _LIST, _REGIONS = TypeAdapter(_Details), TypeAdapter(_Listed), TypeAdapter(_Region)


# ---------------------------------------------------------------------------- readers
def details_of(
    body: bytes, asked: int, *, etag: str = "", last_modified: str = "", sha256: str = ""
) -> Details:
    """The details of the indicator that was asked for."""
    row = _shaped(_DETAILS, parsed(body), "$")
    if row.id != asked:
        raise Failure("other_indicator", {"asked": asked, "found": row.id})
    if row.range.start > row.range.end:
        raise Failure("wrong_shape", {"where": "range", "found": f"{row.range.start}-{row.range.end}"})
    title = row.title.plain()
    _needs_title(title, "title")
    sex = row.classifications.get("sex")
    texts = {name: safe for name in TEXTS if (safe := getattr(row, name).safe())}
    return Details(
        id=row.id, title=title, organisation_id=row.organization.id, organisation=row.organization.title.plain(),
        texts=texts, words=_words(texts, row.subjects), value_type=row.primaryValueType.code[:30],
        decimals=row.decimals, range_start=row.range.start, range_end=row.range.end,
        genders=tuple(sex.values) if sex else (), data_updated=_day(row.updated), etag=etag[:200],
        last_modified=last_modified[:60], sha256=sha256,
    )  # fmt: skip


def listed_of(body: bytes) -> list[Listed]:
    """All indicators of the list, by id."""

    def read(row: _Listed, where: str) -> Listed:
        title = row.title.plain()
        _needs_title(title, where)
        return Listed(
            row.id, title, row.organization.id, row.organization.title.plain(),
            _day(row.updated) if row.updated else None,
            row.range.start if row.range else None, row.range.end if row.range else None,
        )  # fmt: skip

    return _all(_LIST, body, read)


def regions_of(body: bytes) -> list[RegionRow]:
    """All regions, by id."""

    def read(row: _Region, where: str) -> RegionRow:
        return RegionRow(row.id, row.category, row.code or "", row.title.plain(), tuple(row.memberOf or ()))

    return _all(_REGIONS, body, read)


def _all(shape: TypeAdapter[T], body: bytes, read: Callable[[T, str], R]) -> list[R]:
    rows = parsed(body)
    if type(rows) is not list or not rows:
        raise Failure("wrong_shape", {"where": "$", "found": type(rows).__name__})
    made: dict[int, R] = {}
    for place, raw in enumerate(rows):
        row: Any = _shaped(shape, raw, f"[{place}]")
        if row.id in made:
            raise Failure("duplicate_row", {"id": row.id})
        made[row.id] = read(row, f"[{place}].title")
    return [made[key] for key in sorted(made)]


def _shaped(shape: TypeAdapter[T], value: Any, where: str) -> T:
    try:
        return shape.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join([where, *map(str, first["loc"])])
        code = "missing_key" if first["type"] == "missing" else "wrong_type"
        raise Failure(code, {"key": place, "found": str(first["input"])[:40]}) from error


def _needs_title(title: dict[str, str], where: str) -> None:
    if not any(title.values()):
        raise Failure("missing_key", {"key": where})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Failure("wrong_type", {"key": "data-updated", "found": text}) from error


def _words(texts: dict[str, dict[str, str]], subjects: list[_Texts]) -> dict[str, str]:
    made = {}
    for language in LANGUAGES:
        parts = [plain_text(text[language]) for text in texts.values() if language in text]
        parts += [getattr(subject, language) for subject in subjects]
        made[language] = " ".join(filter(None, parts))
    return made
