"""A pasted list of people, read line by line: `name; e-mail; role; scope`.

Cells are parted by tabs, semicolons or commas, whichever the line has first in that order. Reading writes
nothing: every fault is told by line and column, and only a list without faults can be carried out, in one
transaction.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import limits
from core import identity_codes
from core.text import LANGUAGES
from programme.models import Programme, Project, Role, RoleGrant, Sector, Segment, Theme
from programme.people.rules import SCOPE_OF_ROLE, may_give, may_give_to
from programme.people.services import invite, one_at_a_time, people_of_address, scope_fault

NAME, EMAIL, ROLE, SCOPE = COLUMNS = ("name", "email", "role", "scope")
COLUMN_LABELS: dict[str, str | Promise] = {
    NAME: gettext_lazy("name"),
    EMAIL: gettext_lazy("e-mail"),
    ROLE: gettext_lazy("role"),
    SCOPE: gettext_lazy("scope"),
}
#: First cells of a line of headings.
HEADINGS = {"name", "nimi", "namn"}
SEPARATORS = ("\t", ";", ",")
MODELS: dict[str, type[Model]] = {"theme": Theme, "sector": Sector, "segment": Segment, "project": Project}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell (`column` is one of COLUMNS), or in the line as a whole ("")."""

    column: str
    text: str

    @property
    def label(self) -> str | Promise:
        return COLUMN_LABELS.get(self.column, "")


@dataclass
class Line:
    """One line as read. `number` counts the pasted lines from 1, empty ones too."""

    number: int
    cells: dict[str, str]
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    role: str = ""
    scope: Model | None = None
    is_there: bool = False
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, column: str, text: str) -> None:
        self.faults.append(Fault(column, text))

    def faulty(self, column: str) -> bool:
        return any(fault.column == column for fault in self.faults)

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label) if self.role else self.cells[ROLE]


@dataclass
class Preview:
    """The whole list as it would be carried out."""

    lines: list[Line]
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return bool(self.lines) and not self.faults and not self.bad_lines

    @cached_property
    def bad_lines(self) -> list[Line]:
        return [line for line in self.lines if line.faults]

    @property
    def to_do(self) -> list[Line]:
        """Lines that change something."""
        return [line for line in self.lines if not line.is_there]


@dataclass(frozen=True)
class Done:
    """What carrying the list out did: people made, roles given, lines that had been done before."""

    people: int
    roles: int
    there: int


def read_list(text: str, *, programme: Programme, by: Any) -> Preview:
    """The list as understood, with its faults. Reads the database, writes nothing."""
    lines = list(_lines(text))
    if not lines:
        return Preview([], [_("Paste at least one line.")])
    if len(lines) > limits.INVITATION_LINES:
        told = _("The list has %(count)s lines; at most %(most)s can be invited at once.")
        return Preview([], [told % {"count": len(lines), "most": limits.INVITATION_LINES}])
    reader = _Reader(programme, by)
    for line in lines:
        reader.read(line)
    _compare(lines)
    return Preview(lines)


@transaction.atomic
def carry_out(text: str, *, programme: Programme, by: Any, site: str, reason: str = "") -> Done:
    """Reads the list again and does all of it, or nothing: raises ValidationError when a line is not good now."""
    with one_at_a_time():
        preview = read_list(text, programme=programme, by=by)
        if not preview.is_good:
            raise ValidationError(_("Mend the lines that are marked. Nothing was stored."))
        people = 0
        for line in preview.to_do:
            people += invite(
                programme=programme, email=line.email, first_name=line.first_name, last_name=line.last_name,
                role=line.role, scope=line.scope, by=by, site=site, reason=reason,
            )[1]  # fmt: skip
        return Done(people, len(preview.to_do), len(preview.lines) - len(preview.to_do))


# ---------------------------------------------------------------------------- lines and cells
def _lines(text: str) -> Iterable[Line]:
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            continue
        cells = split_line(raw)
        if cells[0].casefold() in HEADINGS:
            continue
        line = Line(number, dict(zip(COLUMNS, [*cells, "", "", "", ""], strict=False)))
        if len(cells) > len(COLUMNS):
            line.refuse(
                "", _("The line has %(count)s cells; there are four columns.") % {"count": len(cells)}
            )
        yield line


def split_line(raw: str) -> list[str]:
    """Cells of one line without the space around them; quotes as spreadsheets write them."""
    separator = next((mark for mark in SEPARATORS if mark in raw), SEPARATORS[0])
    cells = next(csv.reader([raw.strip("\r\n")], delimiter=separator, skipinitialspace=True), None) or [""]
    trimmed = [" ".join(cell.split()) for cell in cells]
    while len(trimmed) > len(COLUMNS) and not trimmed[-1]:
        trimmed.pop()
    return trimmed


class _Reader:
    """What the lines are compared with, read once for the whole list."""

    def __init__(self, programme: Programme, by: Any) -> None:
        self.programme, self.by = programme, by
        self.roles = role_words()
        self.scopes: dict[str, dict[str, list[Model]]] = {}
        own = get_user_model().objects.filter(grants__programme=programme).distinct()
        self.own = {person.email.lower(): person for person in own if person.email}

    def read(self, line: Line) -> None:
        for column in COLUMNS:
            try:
                identity_codes.refuse(line.cells[column])
            except ValidationError as refused:
                line.refuse(column, refused.messages[0])
        self._name(line)
        self._email(line)
        self._role(line)
        if line.role:
            self._scope(line)
        if not line.faults:
            self._there(line)

    def _name(self, line: Line) -> None:
        line.first_name, line.last_name = split_name(line.cells[NAME])
        if not line.cells[NAME]:
            line.refuse(NAME, _("The name is missing."))
        elif max(len(line.first_name), len(line.last_name)) > 150:
            line.refuse(NAME, _("The name is too long."))

    def _email(self, line: Line) -> None:
        email = line.cells[EMAIL].strip("<>").lower()
        if not email:
            line.refuse(EMAIL, _("The e-mail address is missing."))
            return
        try:
            validate_email(email)
        except ValidationError:
            line.refuse(EMAIL, _("“%(email)s” is not an e-mail address.") % {"email": email})
            return
        found = people_of_address(email)
        users = get_user_model().objects
        if len(email) > 150:
            line.refuse(EMAIL, _("The address is too long."))
        elif len(found) > 1 or not found and users.filter(username__iexact=email).exists():
            line.refuse(EMAIL, _("This address cannot be invited. Ask the administrator of the service."))
        elif email in self.own and not self.own[email].is_active:
            line.refuse(EMAIL, _("The account of this person is switched off. Switch it on first."))
        else:
            line.email = email

    def _role(self, line: Line) -> None:
        word = line.cells[ROLE]
        role = self.roles.get(word.casefold())
        if not word:
            line.refuse(ROLE, _("The role is missing."))
        elif role is None:
            line.refuse(ROLE, _("There is no role called “%(role)s”.") % {"role": word})
        elif not may_give(self.by, self.programme, role):
            line.refuse(ROLE, _("You may not give this role."))
        elif line.email and not may_give_to(self.by, self.programme, role, self._person_id(line.email)):
            line.refuse(ROLE, _("You may not give roles to yourself."))
        else:
            line.role = role

    def _person_id(self, email: str) -> int | None:
        return self.by.pk if email == (self.by.email or "").lower() else None

    def _scope(self, line: Line) -> None:
        kind, word = SCOPE_OF_ROLE.get(line.role), line.cells[SCOPE]
        if kind is None:
            if word:
                line.refuse(SCOPE, scope_fault(line.role))
            return
        found = self._of_kind(kind).get(word.casefold(), []) if word else []
        if not word:
            line.refuse(SCOPE, scope_fault(line.role))
        elif not found:
            line.refuse(SCOPE, _("“%(scope)s” is not found in this programme.") % {"scope": word})
        elif len(found) > 1:
            line.refuse(SCOPE, _("“%(scope)s” means several; write the key instead.") % {"scope": word})
        else:
            line.scope = found[0]

    def _of_kind(self, kind: str) -> dict[str, list[Model]]:
        """Rows of the kind by key, number and names in every language, without capitals."""
        if kind not in self.scopes:
            rows = list(MODELS[kind]._default_manager.filter(programme=self.programme))
            by_word: dict[str, list[Model]] = {}
            for row in rows:
                words = {getattr(row, "number", None), *(getattr(row, f"name_{code}") for code in LANGUAGES)}
                for word in {" ".join(str(word).split()).casefold() for word in words if word}:
                    by_word.setdefault(word, []).append(row)
            keys = {str(getattr(row, "key", None) or getattr(row, "slug", "")): [row] for row in rows}
            self.scopes[kind] = by_word | keys  # a key means one row, whatever another one is called
        return self.scopes[kind]

    def _there(self, line: Line) -> None:
        """The very role may be held already: then the line changes nothing, and a list can be sent twice."""
        person = self.own.get(line.email)
        if person is None:
            return
        kind = SCOPE_OF_ROLE.get(line.role)
        scope = {kind: line.scope} if kind else {}
        line.is_there = RoleGrant.objects.filter(
            programme=self.programme, user=person, role=line.role, **scope
        ).exists()


def role_words() -> Mapping[str, str]:
    """Each way to write a role, its code and its name in every language, without capitals, with its code."""
    words = {role.value: role.value for role in Role}
    for code in LANGUAGES:
        with translation.override(code):
            words |= {str(role.label).casefold(): role.value for role in Role}
    return words


def split_name(name: str) -> tuple[str, str]:
    """First and last name; "Meikäläinen, Maija" is turned round, the last word is else the last name."""
    if "," in name:
        last, _comma, first = name.partition(",")
        return first.strip(), last.strip()
    first, _space, last = name.rpartition(" ")
    return first, last


def _compare(lines: list[Line]) -> None:
    """One address has one name; the same line twice is a slip."""
    names: dict[str, Line] = {}
    seen: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        if not line.email:
            continue
        first = names.setdefault(line.email, line)
        if first.cells[NAME].casefold() != line.cells[NAME].casefold():
            told = _("Line %(line)s gives another name for this address.")
            line.refuse(NAME, told % {"line": first.number})
        if not line.role:
            continue
        key = (line.email, line.role, line.scope.pk if line.scope else None)
        same = seen.setdefault(key, line)
        if same is not line:
            line.refuse("", _("The same as line %(line)s.") % {"line": same.number})
