"""Who may hear of a row, and whom a text names with @."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch

from core.models import Follow
from core.permissions import GRANT_FIELDS, Grant
from core.talk.topics import Topic

#: An @ that begins a name: not one inside an address of mail.
_BEGINS = re.compile(r"(?<![\w@.])@(?=\w)")
#: What follows a name when the name goes on.
_GOES_ON = re.compile(r"\w|[.\-@]\w")
_WORD = re.compile(r"[\w\-]+(?:\.[\w\-]+)*")


def readers_of(row: Any, topic: Topic, among: Iterable[int] | None = None) -> list[Any]:
    """People who may read the talk of the row today, by name; only those of `among` when it is given.

    Two statements. Each knows its roles in this programme only: ask them nothing about another one.
    """
    people = get_user_model().objects.filter(grants__programme=row.programme_id, is_active=True)
    if among is not None:
        people = people.filter(pk__in=set(among))
    grants: Any = get_user_model()._meta.get_field("grants").related_model
    held = grants.objects.filter(programme=row.programme_id).order_by("id")
    found = people.distinct().order_by("last_name", "first_name", "username")
    readers: list[Any] = []
    person: Any
    for person in found.prefetch_related(Prefetch("grants", queryset=held, to_attr="held_here")):
        person._portal_grants = tuple(
            Grant(*(getattr(one, name) for name in GRANT_FIELDS)) for one in person.held_here
        )
        if topic.seen_by(person, row):
            readers.append(person)
    return readers


def named_in(text: str, people: Iterable[Any]) -> tuple[list[Any], list[str], list[str]]:
    """People whom the text names with @, names that fit nobody, and names that fit several.

    A name is the whole name, first.last, the user name, or a first name that only one of the people has.
    """
    by_name = _names(people)
    longest_first = sorted(by_name, key=len, reverse=True)
    found: dict[int, Any] = {}
    unknown: list[str] = []
    several: list[str] = []
    for begins in _BEGINS.finditer(text):
        rest = text[begins.end() :]
        folded = rest.casefold()
        name = next((one for one in longest_first if _is_whole(folded, one)), None)
        if name is None:
            word = _WORD.match(rest)
            unknown.append(word.group() if word else rest[:1])
        elif len(by_name[name]) > 1:
            several.append(rest[: len(name)])
        else:
            person = by_name[name][0]
            found[person.pk] = person
    return list(found.values()), list(dict.fromkeys(unknown)), list(dict.fromkeys(several))


def _names(people: Iterable[Any]) -> dict[str, list[Any]]:
    by_name: dict[str, list[Any]] = defaultdict(list)
    for person in people:
        first, last = person.first_name.strip(), person.last_name.strip()
        names = {person.get_username(), f"{first} {last}".strip(), first}
        if first and last:
            names.add(f"{first}.{last}")
        for name in {one.casefold() for one in names if one}:
            by_name[name].append(person)
    return by_name


def _is_whole(text: str, name: str) -> bool:
    return text.startswith(name) and not _GOES_ON.match(text[len(name) :])


# --- following and muting -----------------------------------------------------------------------------------


def follows_of(row: Any) -> dict[int, bool]:
    """Person -> whether they muted the row; people who said neither are not there. One statement."""
    return dict(_follows(row).values_list("user", "is_muted"))


def follow_state(row: Any, user: Any) -> str:
    """What the person said: "follow", "mute" or nothing."""
    muted = _follows(row).filter(user=user).values_list("is_muted", flat=True).first()
    return "" if muted is None else ("mute" if muted else "follow")


def muted_by(row: Any) -> set[int]:
    """People who want to hear nothing of the row. One statement."""
    return set(_follows(row).filter(is_muted=True).values_list("user", flat=True))


def _follows(row: Any) -> Any:
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(row)
    return Follow.objects.filter(programme=row.programme_id, content_type=kind, object_id=row.pk)
