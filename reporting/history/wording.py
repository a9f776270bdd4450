"""Changes in plain words of the reader's language: rows and values by name, months folded, texts marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Field, ForeignKey
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.changes import Act, Change, Kind, Run, Values, all_kinds, latest
from core.money import DASH, format_decimal, format_eur
from core.periods import format_date, format_month
from core.text import LANGUAGES
from measures.models import Series
from programme.models import Programme
from programme.words import word
from reporting.history.kinds import PARTS
from reporting.history.labels import field_word, job_word, kind_word, page_word, reason_words
from reporting.history.marking import marked

USER = "accounts.user"
ENTRY = "measures.savingsentry"
#: How far names of names are followed: a confirmation's claim, its line, that line's measure.
STEPS = 3
#: Date fields that name a month.
MONTHS = {"month", "first_month", "last_month", "withdrawn_from"}
#: Texts from here on, or with several lines, are shown beside each other.
LONG_TEXT = 60

EVENT_WORDS = {"insert": "added", "update": "changed", "delete": "deleted"}


# ---------------------------------------------------------------------------- names
class Names:
    """Names of rows and people, as of now; those of rows that are gone as they last were."""

    def __init__(self, programme: Programme, visible: Iterable[str]) -> None:
        self.programme = programme
        self.visible = {*visible, USER}
        self.rows: dict[tuple[str, int], tuple[Values, bool]] = {}

    def learn(self, rows: Iterable[tuple[Kind, Values]], also: Iterable[tuple[str, int]] = ()) -> None:
        """Reads what the rows point to, and what that points to; at most three statements."""
        wanted = {*also, *(pair for kind, values in rows for pair in _pointed_at(kind, values))}
        for _step in range(STEPS):
            new = {pair for pair in wanted if pair not in self.rows and pair[0] in self.visible}
            if not new:
                return
            by_kind: dict[str, list[int]] = {}
            for label, pk in new:
                by_kind.setdefault(label, []).append(pk)
            found = latest(by_kind)
            self.rows |= found
            wanted = {
                pair
                for (label, _pk), (values, _is) in found.items()
                if label in PARTS
                for pair in _pointed_at(all_kinds()[label], values)
            }

    def of(self, label: str, pk: int | None) -> str:
        """The row's name; its number when it may not be seen or was never known."""
        if pk is None:
            return DASH
        found = self.rows.get((label, pk))
        if found is None:
            return _("number %(number)s") % {"number": pk}
        values, still_is = found
        name = self.title(all_kinds()[label], pk, values)
        return name if still_is else _("%(name)s (deleted)") % {"name": name}

    def person(self, pk: int | None) -> str:
        """The person's name; whoever has no name any more stays a number."""
        found = self.rows.get((USER, pk)) if pk is not None else None
        if found is None:
            return _("person %(number)s") % {"number": pk} if pk is not None else ""
        return _person(found[0]) or _("person %(number)s") % {"number": pk}

    def title(self, kind: Kind, pk: int, values: Values) -> str:
        """What a row is called, from its own values."""
        label = kind.label
        if label == USER:
            return _person(values) or _("person %(number)s") % {"number": pk}
        if label == "measures.savingsline":
            parts = [self.of("programme.sector", values.get("sector_id"))]
            return " · ".join([*parts, self.of("programme.costtype", values.get("cost_type_id"))])
        if label == ENTRY:
            return f"{_choice(kind, 'series', values)} {_month(values.get('month'))}"
        if label == "measures.confirmation":
            return self.of(ENTRY, values.get("entry_id"))
        if label == "programme.rolegrant":
            return f"{self.of(USER, values.get('user_id'))}, {_choice(kind, 'role', values)}"
        if label == "measures.monthlyupdate" or label == "measures.booksclosed":
            return _month(values.get("month"))
        if label == "measures.measuretarget":
            value = format_eur(values.get("value_eur_cents"), trim=True, with_unit=True)
            return f"{value}, {format_date(dt.date.fromisoformat(values['valid_from']))}"
        if label == "core.setting":
            return str(values.get("key"))
        if label == "programme.target":
            return self._target(kind, values)
        return self._named(kind, pk, values)

    def _target(self, kind: Kind, values: Values) -> str:
        own = _translated(values, "label")
        of = next(
            (
                self.of(f"programme.{name.replace('_', '')}", values[f"{name}_id"])
                for name in ("cost_type", "sector", "theme", "goal")
                if values.get(f"{name}_id")
            ),
            "",
        )
        parts = [_choice(kind, "kind", values), own or of, str(values.get("year") or "")]
        return ", ".join(part for part in parts if part)

    def _named(self, kind: Kind, pk: int, values: Values) -> str:
        name = next((text for base in ("name", "label", "what") if (text := _translated(values, base))), "")
        code = values.get("code")
        if name or code:
            return f"{code} {name}" if code else name
        part = PARTS.get(kind.label)
        for one in kind.fields:  # a link is called what it links to
            if (
                isinstance(one, ForeignKey)
                and values.get(one.column)
                and (not part or one.column != part.via)
            ):
                return self.of(one.related_model._meta.label_lower, values[one.column])
        return str(values.get("key") or _("number %(number)s") % {"number": pk})

    def whole_of(self, kind: Kind, pk: int, values: Values) -> tuple[str, int]:
        """Kind and id of the whole that the row is a part of; itself when it is none."""
        label = kind.label
        while label in PARTS:
            part = PARTS[label]
            above = values.get(part.via)
            if above is None:
                break
            label, pk = part.of, above
            values = self.rows.get((label, pk), ({}, False))[0]
        return label, pk


def _pointed_at(kind: Kind, values: Values) -> Iterable[tuple[str, int]]:
    for one in kind.fields:
        if isinstance(one, ForeignKey) and values.get(one.column) is not None:
            yield one.related_model._meta.label_lower, values[one.column]


def _translated(values: Values, base: str) -> str:
    from django.utils.translation import get_language

    wanted = (get_language() or "fi")[:2]
    return next(
        (str(text) for code in dict.fromkeys((wanted, *LANGUAGES)) if (text := values.get(f"{base}_{code}"))),
        "",
    )


def _person(values: Values) -> str:
    full = f"{values.get('first_name') or ''} {values.get('last_name') or ''}".strip()
    return full or str(values.get("username") or "")


def _choice(kind: Kind, name: str, values: Values) -> str:
    field: Any = kind.model._meta.get_field(name)
    return str(dict(field.flatchoices).get(values.get(name), values.get(name) or ""))


def _month(value: Any) -> str:
    return format_month(dt.date.fromisoformat(value)) if value else DASH


# ---------------------------------------------------------------------------- values
def shown_value(names: Names, field: Field, value: Any) -> str:
    """One value as people read it. A dash says that nothing is there."""
    if value is None or value in ("", [], {}):
        return DASH
    if isinstance(field, ForeignKey):
        return names.of(field.related_model._meta.label_lower, value)
    if field.name == "stage":
        return _stage(names.programme, value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if field.name.endswith("_eur_cents"):
        return format_eur(int(value), trim=True, with_unit=True)
    if isinstance(field, models.DateTimeField):
        return local_time(dt.datetime.fromisoformat(value))
    if isinstance(field, models.DateField):
        day = dt.date.fromisoformat(value)
        return format_month(day) if field.name in MONTHS else format_date(day)
    if isinstance(field, models.JSONField):
        return "; ".join(leaves(value))
    if isinstance(value, Decimal):
        return format_decimal(
            value.normalize() if value != value.to_integral_value() else value.quantize(Decimal(1))
        )
    return str(value)


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """What a structure holds, one piece after another: "theme fi: painopiste"."""
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from leaves(value[key], f"{path} {key}".strip())
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for at, one in enumerate(value, 1):
            yield from leaves(one, f"{path} {at}".strip())
    else:
        text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
        yield f"{path}: {text}" if path else text


def _stage(programme: Programme, value: str) -> str:
    try:
        return word(programme, f"stage.{value}")
    except KeyError:
        return value


def local_time(moment: dt.datetime) -> str:
    """22.11.2026 14.05, in the portal's own time."""
    here = timezone.localtime(moment)
    return f"{format_date(here.date())} {here:%H.%M}"


@dataclass(frozen=True)
class FieldTold:
    """One field of a change. Texts carry their marks; `is_long` texts stand beside each other."""

    name: str
    label: str
    old: str | SafeString
    new: str | SafeString
    is_long: bool = False


def fields_told(names: Names, found: Iterable[tuple[Field, Any, Any]]) -> list[FieldTold]:
    return [_field_told(names, *one) for one in found]


def _field_told(names: Names, field: Field, old: Any, new: Any) -> FieldTold:
    label = field_word(field)
    label = label[:1].upper() + label[1:]
    before, after = shown_value(names, field, old), shown_value(names, field, new)
    if not _is_text(field) or not (old and new):
        is_long = _is_text(field) and max(len(before), len(after)) > LONG_TEXT
        return FieldTold(field.name, label, before, after, is_long)
    left, right = marked(before, after)
    is_long = max(len(before), len(after)) > LONG_TEXT or "\n" in before + after
    return FieldTold(field.name, label, left, right, is_long)


def _is_text(field: Field) -> bool:
    if isinstance(field, models.JSONField):
        return True
    return isinstance(field, models.CharField | models.TextField) and not field.flatchoices


# ---------------------------------------------------------------------------- rows and months
@dataclass(frozen=True)
class RowTold:
    """What happened to one row. `event` is added, changed or deleted."""

    change: Change
    kind: str
    title: str
    event: str
    fields: list[FieldTold]
    url: str = ""
    whole: str = ""
    is_own: bool = False
    restore_url: str = ""

    @property
    def event_word(self) -> str:
        return event_word(self.event)


def event_word(event: str) -> str:
    return {"added": _("added"), "changed": _("changed"), "deleted": _("deleted")}[event]


@dataclass(frozen=True)
class CellTold:
    month: str
    old: str
    new: str


@dataclass(frozen=True)
class MonthsTold:
    """Months of one series of a line that one act changed, folded: their number, span and sums."""

    title: str
    series: str
    count: int
    first: str
    last: str
    old: str
    new: str
    cells: list[CellTold]


@dataclass(frozen=True)
class RunTold:
    """Many rows of a kind at once, counted."""

    kind: str
    event: str
    count: int
    of: str = ""

    @property
    def event_word(self) -> str:
        return event_word(self.event)


@dataclass
class ActTold:
    """One act: when, who, why and through what; then what it did."""

    act: Act
    who: str
    why: str
    through: str
    is_database: bool = False
    rows: list[RowTold] = field(default_factory=list)
    months: list[MonthsTold] = field(default_factory=list)
    runs: list[RunTold] = field(default_factory=list)

    @cached_property
    def day(self) -> str:
        return format_date(timezone.localtime(self.act.at).date())

    @cached_property
    def time(self) -> str:
        return f"{timezone.localtime(self.act.at):%H.%M}"


def act_told(names: Names, act: Act) -> ActTold:
    """Who, why and how; a change made past the portal names the database's own user."""
    told = act.told
    is_database = not told
    if act.user_id is not None:
        who = names.person(act.user_id)
    elif is_database:
        who = _("database user %(name)s") % {"name": act.session_user}
    else:
        who = _("the portal itself")
    return ActTold(act, who, reason_words(act.reason), _through(told), is_database)


def _through(told: Values) -> str:
    if told.get("job"):
        reason = str(told.get("reason", ""))
        kind = reason.split(" ")[1] if reason.startswith("job ") and " " in reason[4:] else ""
        return job_word(kind) if kind else _("a job")
    if told.get("file"):
        return _("the file %(name)s") % {"name": told["file"]}
    if told.get("url"):
        return page_word(str(told["url"]))
    return "" if told else _("the database, past the portal")


def row_told(
    names: Names, change: Change, *, whole: bool, is_own: bool = False, restore_url: str = ""
) -> RowTold:
    label, pk = names.whole_of(change.kind, change.row_id, change.values)
    is_part = (label, pk) != (change.kind.label, change.row_id)
    return RowTold(
        change=change,
        kind=kind_word(change.kind),
        title=names.title(change.kind, change.row_id, change.values),
        event=EVENT_WORDS.get(change.label, "changed"),
        fields=fields_told(names, change.differences()),
        url=row_url(names.programme, label, pk) if whole else "",
        whole=f"{kind_word(all_kinds()[label])} {names.of(label, pk)}" if whole and is_part else "",
        is_own=is_own,
        restore_url=restore_url,
    )


def row_url(programme: Programme, label: str, pk: int) -> str:
    return reverse("reporting:history_row", args=[programme.slug, label, pk])


def months_told(names: Names, found: Sequence[Change]) -> list[MonthsTold]:
    """Months of savings of one act, one row for each line and series."""
    groups: dict[tuple[int, str], list[Change]] = {}
    for change in found:
        values = change.values
        groups.setdefault((values["line_id"], values["series"]), []).append(change)
    return [_months_of(names, line, series, group) for (line, series), group in sorted(groups.items())]


def _months_of(names: Names, line: int, series: str, group: list[Change]) -> MonthsTold:
    ordered = sorted(group, key=lambda change: (change.values["month"], change.pgh_id))
    cells = [
        CellTold(_month(change.values["month"]), *(_cents(state) for state in (change.before, change.after)))
        for change in ordered
    ]
    return MonthsTold(
        title=names.of("measures.savingsline", line),
        series=str(Series(series).label),
        count=len({change.values["month"] for change in group}),
        first=_month(ordered[0].values["month"]),
        last=_month(ordered[-1].values["month"]),
        old=_sum([change.before for change in ordered]),
        new=_sum([change.after for change in ordered]),
        cells=cells,
    )


def _cents(state: Values | None) -> str:
    return format_eur(state["amount_eur_cents"], trim=True) if state else DASH


def _sum(states: Sequence[Values | None]) -> str:
    known = [state["amount_eur_cents"] for state in states if state is not None]
    return format_eur(sum(known), trim=True, with_unit=True) if known else DASH


def run_told(run: Run, of: str = "") -> RunTold:
    return RunTold(kind_word(run.kind), EVENT_WORDS.get(run.label, "changed"), run.count, of)
