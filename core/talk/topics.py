"""Rows that may be talked about. An app says so when it is ready:

    talk_allowed("risks.risk", word=_("risk"), follow_url=lambda row: reverse("risks:risk_detail", args=[...]))

Who may see the row may read what is said about it; a right of its own (`view`) may open the talk to more people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from core import attachments
from core.permissions import can
from core.text import LANGUAGES

Address = Callable[[Any], str]

#: Columns that name who answers for a row, in any model that has them.
OWNERS = ("owner_id", "manager_id", "raised_by_id", "asked_by_id", "proposed_by_id")
#: Columns that say in one language what a row is.
TITLES = ("subject", "title")


@dataclass(frozen=True)
class Topic:
    """One kind of row: the word for it, its page, the right that opens its talk, whether files are kept beside it."""

    label: str
    word: str | Promise
    follow_url: Address | None
    other_url: Address | None
    view: str
    owners: tuple[str, ...]
    takes_files: bool

    @property
    def kind(self) -> str:
        """Its word in addresses."""
        return self.label.partition(".")[2]

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    def seen_by(self, user: Any, row: Any) -> bool:
        """Whether the person may read the talk of `row`, or of rows of this kind in a programme."""
        view = self.view or self.model.view_action  # type: ignore[attr-defined]
        return can(user, "talk.view", row) and can(user, view, row)

    def own_page(self, row: Any, user: Any) -> str:
        """The row's page for this person; empty where there is none they may open."""
        is_seen = can(user, row.view_action, row)
        address = self.follow_url if is_seen else self.other_url
        try:
            if address is None:
                return str(row.get_absolute_url()) if is_seen and hasattr(row, "get_absolute_url") else ""
            return address(row)
        except NoReverseMatch:
            return ""

    def address(self, row: Any, user: Any) -> str:
        """The page on which the person reads the talk: the row's, or the page of the talk by itself."""
        page = self.own_page(row, user)
        if page:
            return page if "#" in page else f"{page}#talk"
        return reverse("core:talk", args=[row.programme.slug, self.kind, row.pk])

    def owner_ids(self, row: Any) -> list[int]:
        """Who answers for the row; the first columns that say somebody."""
        found = [getattr(row, name, None) for name in self.owners]
        return list(dict.fromkeys(pk for pk in found if pk is not None))


_TOPICS: dict[str, Topic] = {}


def talk_allowed(
    label: str, *, word: str | Promise, follow_url: Address | None = None, other_url: Address | None = None,
    view: str = "", owners: Sequence[str] = OWNERS, takes_files: bool = True,
) -> None:  # fmt: skip
    """Lets people talk about rows of the model and, unless it has files of its own, keep files beside them.

    `follow_url(row)` is the row's page (its `get_absolute_url` where none is said), `other_url(row)` the page
    of people who may read the talk but not the row. Said twice, the later word holds.
    """
    topic = Topic(label, word, follow_url, other_url, view, tuple(owners), takes_files)
    _TOPICS[topic.kind] = topic
    if takes_files:
        attachments.allow(label)


def topic_of(row: Any) -> Topic | None:
    """The topic of the row's kind; None where nothing is said about such rows."""
    topic = _TOPICS.get(row._meta.model_name)
    return topic if topic is not None and topic.label == row._meta.label_lower else None


def topic_named(kind: str) -> Topic | None:
    return _TOPICS.get(kind)


def kinds() -> list[str]:
    return sorted(_TOPICS)


def told_of(row: Any) -> dict[str, Any]:
    """What a notice keeps of a row: its kind and number, its code and its names by language."""
    names = {code: name for code in LANGUAGES if (name := getattr(row, f"name_{code}", ""))}
    if not names:
        text = next((str(getattr(row, name)) for name in TITLES if getattr(row, name, "")), "")
        names = {"fi": text} if text else {}
    return {"kind": row._meta.model_name, "row": row.pk, "code": getattr(row, "code", ""), "names": names}


def title_of(row: Any) -> str:
    """The row in a few words in the active language: its code and name, or the word of its kind."""
    return title_from(told_of(row))


def title_from(told: dict[str, Any]) -> str:
    """The same from what a notice kept."""
    from django.utils.translation import get_language

    wanted = (get_language() or "fi")[:2]
    names = told.get("names") or {}
    name = next((names[code] for code in (wanted, *LANGUAGES) if names.get(code)), "")
    topic = topic_named(str(told.get("kind", "")))
    word = str(topic.word) if topic is not None else ""
    return " ".join(part for part in (told.get("code", ""), name) if part) or word
