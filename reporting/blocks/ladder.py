"""The target's ladder: where each euro of the stated target stands."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.content import Content, column, figure_cell, row, text_cell
from reporting.selectors import Overview


def ladder_table(content: Content, overview: Overview) -> None:
    """stated target = in base + on active measures + released + never allocated (R9)."""
    ladder, year = overview.figures.ladder, overview.year
    if ladder.stated is None:
        return
    steps: list[tuple[str, Promise, Promise, int | None, str]] = [
        (
            "ladder-in-base",
            _("Already in the comparison base"),
            _("as the target table says"),
            ladder.in_base,
            "savings/",
        ),
        (
            "ladder-active",
            _("Carried by active measures"),
            _("targets of the measures"),
            ladder.active,
            "measures/?active=1",
        ),
        (
            "ladder-released",
            _("Released by withdrawn measures"),
            _("unallocated until a decision moves it"),
            ladder.released,
            "measures/?stage=withdrawn",
        ),
        (
            "ladder-never-allocated",
            _("Never allocated"),
            _("unallocated: no measure has carried it"),
            ladder.never_allocated,
            "savings/",
        ),
    ]
    rows = []
    for key, name, hint, cents, source in steps:
        ref = content.money(
            f"{key}.programme.{year}",
            cents,
            content.say(name),
            source=source,
            unknown=content.say(_("not known")),
            trim=True,
        )
        rows.append(row(text_cell(content.say(name), small=content.say(hint)), figure_cell(ref)))
    stated = content.money(
        f"stated.target.{year}", ladder.stated, content.say(_("Stated target")), source="savings/", trim=True
    )
    rows.append(row(text_cell(content.say(_("Stated target"))), figure_cell(stated, strong=True), total=True))
    unallocated = content.money(
        f"unallocated.programme.{year}",
        ladder.unallocated,
        content.say(_("Unallocated together")),
        source="measures/?stage=withdrawn",
        unknown=content.say(_("not known")),
        trim=True,
    )
    rows.append(
        row(
            text_cell(
                content.say(_("Unallocated together")), small=content.say(_("released and never allocated"))
            ),
            figure_cell(unallocated),
            apart=True,
        )
    )
    content.add(
        "table",
        "ladder",
        content.say(_("Where the target stands")),
        span=6,
        columns=[column(content.say(_("Part of the target"))), column(content.say(_("Amount")), "money")],
        rows=rows,
        notes=[],
        sums=True,
    )
