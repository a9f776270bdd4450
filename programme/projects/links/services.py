"""Links added and removed, days moved: each tells who is warned by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import notify
from core.db import retrying
from core.editing import RowForm, Saved, save_edit, save_new
from core.history import own_context
from programme.models import Dependency, Milestone, Programme
from programme.projects.calculations import short_name
from programme.projects.links.graph import WHOLE, Link, Node, circle, worse
from programme.projects.links.selectors import Network, network
from programme.projects.links.wording import WARNED, circle_words, notice_params


@dataclass
class Watched:
    """What a change did to the schedule: how it stands now, and who is warned by it (anew, or by more days)."""

    now: Network | None = None
    worse: list[Node] = field(default_factory=list)


@contextmanager
def watching(programme: Programme, by: Any) -> Iterator[Watched]:
    """Compares the schedule before and after the block and tells the people of whoever is warned anew, once a cause.

    Wrap it around a save inside its transaction. Six statements, and two more when somebody is told.
    """
    before, watched = network(programme), Watched()
    yield watched
    watched.now = network(programme)
    watched.worse = worse(before.reckoned, watched.now.reckoned)
    new = [node for node in watched.worse if not before.at(node).is_warned]
    if new:
        _tell_people(programme, watched.now, new, by)


def _tell_people(programme: Programme, now: Network, nodes: Iterable[Node], by: Any) -> None:
    """One notice for each of those who answer for a node; who made the change reads it on the page."""
    wanted = {node: now.people(node) - {getattr(by, "pk", None)} for node in nodes}
    everybody: set[int] = set().union(*wanted.values())
    people = {user.pk: user for user in get_user_model().objects.filter(pk__in=everybody)}
    for node, ids in wanted.items():
        began = now.chain(node)[-1].what
        notify(
            [people[pk] for pk in sorted(ids) if pk in people], WARNED,
            params=notice_params(now, node),
            url=reverse("programme:project_detail", args=[programme.slug, now.projects[node[0]].slug]) + "#links",
            dedupe_key=f"{WARNED}:{_key(node)}:{_key(began)}:{now.at(began).own}",
            programme=programme,
        )  # fmt: skip


def _key(node: Node) -> str:
    return f"p{node[0]}" if node[1] == WHOLE else f"m{node[1]}"


# --- links ------------------------------------------------------------------------------------------------------


def _lock(programme: Programme) -> None:
    """Waits until nobody else adds a link to the programme; two links that close a circle together meet here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('programme.links'), %s)", [programme.pk % 2**31]
        )


def refuse_circle(programme: Programme, new: Link) -> None:
    """ValidationError that names the circle which the link would close."""
    now = network(programme)
    found = circle(now.points, now.links, new)
    if found:
        raise ValidationError(
            {
                "what": ValidationError(
                    _("This would make a circle: %(circle)s."),
                    code="circle",
                    params={"circle": circle_words(now, found)},
                )
            }
        )


def link_of(row: Dependency) -> Link:
    return Link(
        (row.project_id, row.milestone_id or WHOLE),
        (row.on_project_id, row.on_milestone_id or WHOLE),
        row.gap_days,
        row.pk or 0,
    )


@retrying
def add_link(form: RowForm, by: Any) -> tuple[Dependency, Watched]:
    """Stores a link that closes no circle; ValidationError at `what` otherwise."""
    programme = form.programme
    with transaction.atomic():
        _lock(programme)
        refuse_circle(programme, link_of(form.instance))
        with watching(programme, by) as watched:
            row: Dependency = save_new(form, by)
    return row, watched


@retrying
def edit_link(form: RowForm, by: Any) -> tuple[Saved, Watched]:
    """Changes the days between or the note; a link's ends stay what they are."""
    with transaction.atomic(), watching(form.programme, by) as watched:
        return save_edit(form, by), watched


def remove_link(*, link: Dependency, by: Any, reason: str = "") -> None:
    """Takes the link away; its history stays."""
    with transaction.atomic(), own_context(user=by.pk, reason=reason):
        link.delete()


# --- milestones -------------------------------------------------------------------------------------------------


def add_milestone(form: RowForm, by: Any) -> tuple[Milestone, Watched]:
    """Stores a new milestone under a key made from its name."""
    row: Milestone = form.instance
    row.key = short_name(row.name, set(row.project.milestones.values_list("key", flat=True)))
    with transaction.atomic(), watching(form.programme, by) as watched:
        return save_new(form, by), watched


@retrying
def edit_milestone(form: RowForm, by: Any) -> tuple[Saved, Watched]:
    """Saves name, days and owner."""
    with transaction.atomic(), watching(form.programme, by) as watched:
        return save_edit(form, by), watched


def mark_done(*, milestone: Milestone, by: Any, on: dt.date) -> tuple[bool, Watched]:
    """Notes the day on which the milestone came; False when it was done already."""
    with transaction.atomic(), own_context(user=by.pk), watching(milestone.programme, by) as watched:
        waiting = Milestone.objects.filter(pk=milestone.pk, actual_on=None)
        return waiting.update(actual_on=on, updated_by=by) == 1, watched


def remove_milestone(*, milestone: Milestone, by: Any, reason: str) -> None:
    """Takes the milestone and its links away; their history stays.

    ValidationError when a change request moves its day: the history of the baseline would go with it.
    """
    with transaction.atomic(), own_context(user=by.pk, reason=reason):
        Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
        if milestone.baseline_changes.exists():
            raise ValidationError(_("A change request moves this day, so it stays."), code="moved")
        milestone.delete()


@dataclass(frozen=True)
class Move:
    """The day now expected of a milestone as it was shown and as it is wished; None for none."""

    pk: int
    shown: dt.date | None
    wished: dt.date | None


class MovedMeanwhile(Exception):
    """Somebody else moved some of the same milestones: their ids and the day they have now. Nothing was stored."""

    def __init__(self, now: Mapping[int, dt.date | None]) -> None:
        super().__init__(sorted(now))
        self.now = dict(now)


@retrying
def move_milestones(programme: Programme, moves: Iterable[Move], by: Any) -> tuple[int, Watched]:
    """Moves the days now expected, all or none; how many moved. Sent twice it moves once.

    Raises MovedMeanwhile when a day is neither the one that was shown nor the one that is wished, and when the
    milestone was done meanwhile or is gone.
    """
    with transaction.atomic(), own_context(user=by.pk), watching(programme, by) as watched:
        moved, missed = 0, []
        for move in sorted(moves, key=lambda one: one.pk):
            rows = Milestone.objects.filter(programme=programme, pk=move.pk, actual_on=None)
            done = rows.filter(forecast_on=move.shown).update(forecast_on=move.wished, updated_by=by)
            moved += done
            if not done:
                missed.append(move)
        if missed:
            stored = Milestone.objects.filter(programme=programme, pk__in=[move.pk for move in missed])
            now = {row.pk: row for row in stored}
            lost = {
                move.pk: row.forecast_on if (row := now.get(move.pk)) else None
                for move in missed
                if move.pk not in now or now[move.pk].actual_on or now[move.pk].forecast_on != move.wished
            }
            if lost:
                raise MovedMeanwhile(lost)
        return moved, watched
