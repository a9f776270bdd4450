"""What a decision is joined to: acts that name it by themselves, and rows that people join it to.

Apps say in `AppConfig.ready()` (or a module it imports) which of their rows a decision can lead to:

    register("measures.GateDecision", title=_("Gates"), action="measure.view", words=..., url=..., related=("measure",))
    linkable("measures.Measure", title=_("Measures"), action="measure.view", words=..., url=..., order=("code",))

`register` is for models with a foreign key to the decision: they are found by it. `linkable` is for rows that a
decision, or a matter of a meeting, may be joined to by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.permissions import can
from programme.models import Decision, DecisionLink, Programme

Words = Callable[[Any], str]
Url = Callable[[Any], str]


@dataclass(frozen=True)
class Kind:
    """Rows of one model: how they are called, which right shows them, and where they are shown."""

    label: str
    title: str | Promise
    action: str
    words: Words
    url: Url
    related: tuple[str, ...] = ()
    order: tuple[str, ...] = ("pk",)

    @property
    def model(self) -> Any:
        return apps.get_model(self.label)


@dataclass(frozen=True)
class Joined:
    """One thing a decision is joined to; `link` is the row of a link that people may take away."""

    title: str
    text: str
    url: str
    link: DecisionLink | None = None


_ACTS: dict[str, Kind] = {}
_LINKABLE: dict[str, Kind] = {}


def register(
    label: str, *, title: str | Promise, action: str, words: Words, url: Url, related: Sequence[str] = ()
) -> None:
    """Adds a model whose rows name their decision by a foreign key."""
    _ACTS[label.lower()] = Kind(label, title, action, words, url, tuple(related))


def linkable(
    label: str, *, title: str | Promise, action: str, words: Words, url: Url, related: Sequence[str] = (),
    order: Sequence[str] = ("pk",),
) -> None:  # fmt: skip
    """Adds a model whose rows a decision or a matter of a meeting may be joined to by hand."""
    _LINKABLE[label.lower()] = Kind(label, title, action, words, url, tuple(related), tuple(order))


# --- reading --------------------------------------------------------------------------------------------------------


def joined_to(decision: Decision, user: Any) -> list[Joined]:
    """Everything the decision is joined to that the person may see: acts first. One statement a kind."""
    return [*_acts(decision, user), *_links(decision, user)]


def _acts(decision: Decision, user: Any) -> Iterable[Joined]:
    for relation in decision._meta.related_objects:
        kind = _ACTS.get(relation.related_model._meta.label_lower)
        if kind is None or not can(user, kind.action, decision):
            continue
        rows = kind.model.objects.filter(**{relation.field.name: decision}).select_related(*kind.related)
        for row in rows:
            yield Joined(str(kind.title), kind.words(row), kind.url(row))


def _links(decision: Decision, user: Any) -> Iterable[Joined]:
    links = list(decision.links.select_related("content_type"))
    by_kind: dict[str, list[DecisionLink]] = defaultdict(list)
    for link in links:
        by_kind[f"{link.content_type.app_label}.{link.content_type.model}"].append(link)
    for label, found in by_kind.items():
        kind = _LINKABLE.get(label)
        if kind is None or not can(user, kind.action, decision):
            continue
        rows = {row.pk: row for row in _rows(kind, decision.programme_id, [link.object_id for link in found])}
        for link in found:
            if link.object_id in rows:
                row = rows[link.object_id]
                yield Joined(str(kind.title), kind.words(row), kind.url(row), link)


def _rows(kind: Kind, programme_id: int, ids: Sequence[int] | None = None) -> Any:
    rows = kind.model.objects.filter(programme=programme_id).select_related("programme", *kind.related)
    return rows.order_by(*kind.order) if ids is None else rows.filter(pk__in=ids)


def shown(row: Any, user: Any) -> Joined | None:
    """A row that something is about, as it is named elsewhere; None when the person may not see it."""
    kind = _LINKABLE.get(row._meta.label_lower) if row is not None else None
    if kind is None or not can(user, kind.action, row):
        return None
    return Joined(str(kind.title), kind.words(row), kind.url(row))


def choices(programme: Programme, user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Rows that may be joined, by kind, as groups of a select: values are "app.model:id". One statement a kind."""
    groups = []
    for label, kind in _LINKABLE.items():
        if can(user, kind.action, programme):
            rows = [(f"{label}:{row.pk}", kind.words(row)[:140]) for row in _rows(kind, programme.pk)]
            if rows:
                groups.append((str(kind.title), rows))
    return groups


def chosen(programme: Programme, user: Any, value: str) -> Any:
    """The row that a value of `choices` names; raises ValidationError for anything else."""
    label, _colon, pk = value.partition(":")
    kind = _LINKABLE.get(label)
    if (
        kind is not None
        and pk.isascii()
        and pk.isdigit()
        and len(pk) < 19
        and can(user, kind.action, programme)
    ):
        row = _rows(kind, programme.pk, [int(pk)]).first()
        if row is not None:
            return row
    raise ValidationError(_("Choose one of the rows in the list."), code="invalid_choice")


def decisions_about(row: Any) -> Any:
    """Decisions that people joined to the row, the latest first."""
    return Decision.objects.filter(
        programme=row.programme_id,
        links__content_type=ContentType.objects.get_for_model(row),
        links__object_id=row.pk,
    ).select_related("body", "meeting").order_by("-decided_on", "-id")  # fmt: skip


# --- writing --------------------------------------------------------------------------------------------------------


@retrying
def join(*, decision: Decision, about: Any, by: Any) -> DecisionLink:
    """Joins the decision to a row of its programme; joined twice it is one link."""
    if about._meta.label_lower not in _LINKABLE or about.programme_id != decision.programme_id:
        raise ValidationError(_("Choose one of the rows in the list."), code="invalid_choice")
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        link, _is_new = DecisionLink.objects.get_or_create(
            programme_id=decision.programme_id, decision=decision,
            content_type=ContentType.objects.get_for_model(about), object_id=about.pk,
            defaults={"created_by": by, "updated_by": by},
        )  # fmt: skip
        return link


@retrying
def part(*, link: DecisionLink, by: Any) -> None:
    """Takes a link away; the history keeps it."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        link.delete()
