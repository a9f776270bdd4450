"""The blocks of a slice: the dashboard's figures for one theme, goal, sector or segment."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from measures.calculations import LEVELS, Figures
from measures.models import Measure
from measures.selectors import measure_figures
from measures.selectors.ladder import released_by
from measures.wording import LEVEL_WORDS, unknown_word
from programme.models import Target
from reporting.blocks import beside_columns, both_ends, put_levels, quantity_rows
from reporting.content import Content, column, figure_cell, pair_cell, row, text_cell
from reporting.panels import risks
from reporting.selectors import Overview, Slice
from reporting.words import own_word

#: Measures shown on a slice's page; the list behind it has all.
ROWS = 10


def add_blocks(content: Content, overview: Overview, part: Slice) -> None:
    if part.figures is not None:
        target_table(content, overview, part)
        figures_table(content, overview, part)
    elif part.kind == "segment":
        content.add(
            "note",
            "no-sum",
            tone="info",
            text=content.say(
                _(
                    "A client segment carries no money of its own: a measure may serve several segments, "
                    "so the figures of its measures do not sum."
                )
            ),
        )
    else:
        content.add(
            "note",
            "no-money",
            tone="info",
            text=content.say(_("No measure carries money here yet, so there are no figures of savings.")),
        )
    released_table(content, overview, part)
    measures_table(content, overview, part)
    if part.kind == "theme":
        risks(content, overview)


def target_table(content: Content, overview: Overview, part: Slice) -> None:
    """The slice's own target as the programme states it, and the forecast beside it."""
    targets = list(
        Target.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=overview.as_of),
            programme=overview.programme,
            kind=part.kind,
            column=Target.Column.TOTAL,
            valid_from__lte=overview.as_of,
            **{part.kind: part.row},
        )
    )
    if not targets or part.figures is None:
        return
    year, name = overview.year, content.name(part.row)
    rows = []
    for target in targets:
        ends = (
            (target.value_eur_cents, target.value_eur_cents)
            if target.value_eur_cents is not None
            else (
                target.cautious_eur_cents,
                target.full_eur_cents,
            )
        )
        pair = [
            content.money(
                f"target-{end}.{part.ref}.{year}",
                cents,
                name,
                source="savings/",
                unknown=content.say(_("no figure in the source")),
            )
            for end, cents in zip(("cautious", "full"), ends, strict=True)
        ]
        rows.append(
            row(
                text_cell(content.say(_("Target")), small=both_ends(content, overview)),
                pair_cell(*pair),
            )
        )
    main = overview.main_levels(part.figures)
    refs = put_levels(content, "", part.ref, str(year), main, name, part.query)
    rows += [
        row(text_cell(content.say(LEVEL_WORDS[level])), figure_cell(refs[level], strong=level == "forecast"))
        for level in ("forecast", "confirmed")
    ]
    content.add(
        "table",
        "target",
        content.say(_("Target and forecast")),
        span=6,
        small=content.say(_("change in cost level %(year)s"), year=year),
        columns=[column(content.say(_("Figure"))), column(content.say(_("Amount")), "money")],
        rows=rows,
        notes=[],
    )


def released_table(content: Content, overview: Overview, part: Slice) -> None:
    """Target that measures withdrawn from here have let go: unallocated until a decision moves it (R9)."""
    if part.kind not in ("theme", "goal"):
        return
    cents = released_by(overview.programme, part.kind, overview.as_of).get(part.row.pk)
    if not cents:
        return
    label = content.say(_("Released by withdrawn measures"))
    amount = content.money(
        f"released.{part.ref}.{overview.year}", cents, label, source="savings/unallocated/", trim=True
    )
    content.add(
        "table",
        "released",
        content.say(_("Unallocated target")),
        span=6,
        columns=[column(content.say(_("Figure"))), column(content.say(_("Amount")), "money")],
        rows=[
            row(
                text_cell(label, small=content.say(_("waits for a decision that moves it"))),
                figure_cell(amount),
            )
        ],
        notes=[],
    )


def figures_table(content: Content, overview: Overview, part: Slice) -> None:
    assert part.figures is not None
    content.add(
        "table",
        "figures",
        content.say(_("Figures by level of certainty")),
        columns=[
            column(content.say(_("Quantity"))),
            *(column(content.say(LEVEL_WORDS[level]), "money") for level in LEVELS),
        ],
        rows=quantity_rows(content, overview, part.figures, part.ref, part.query),
        notes=[],
        scroll=True,
    )


def measures_of(overview: Overview, part: Slice) -> list[Measure]:
    """The first measures of the slice, by code."""
    rows = Measure.objects.filter(programme=overview.programme)
    if part.kind == "theme":
        rows = rows.filter(goal__theme=part.row.pk)
    elif part.kind == "goal":
        rows = rows.filter(Q(goal=part.row.pk) | Q(goal__parent=part.row.pk))
    elif part.kind == "sector":
        rows = rows.filter(lines__sector=part.row.pk).distinct()
    else:
        rows = rows.filter(segments=part.row.pk)
    return list(rows.select_related("owner").order_by("code")[:ROWS])


def measures_table(content: Content, overview: Overview, part: Slice) -> None:
    """Some of the slice's measures with their own figures; the whole list is a link away."""
    found = measures_of(overview, part)
    year = overview.year
    figures = measure_figures([row.pk for row in found], overview.programme, on=overview.on) if found else {}
    rows = []
    for measure in found:
        own = figures.get(measure.pk, Figures())
        name = content.name(measure)
        amounts = {
            "plan": overview.main_levels(own).plan,
            "forecast": overview.main_levels(own).forecast,
            "confirmed": overview.achieved("confirmed", own)[0],
        }
        cells = [
            figure_cell(
                content.money(
                    f"{level}.measure-{measure.code}.{year}",
                    cents,
                    name,
                    source=f"measures/{measure.code}/",
                    unknown=content.say(unknown_word(level)),
                )
            )
            for level, cents in amounts.items()
        ]
        rows.append(
            row(
                text_cell({"fi": measure.code}, small=name, href=f"measures/{measure.code}/"),
                text_cell(own_word(content, overview.programme, f"stage.{measure.stage}")),
                *cells,
            )
        )
    if not rows:
        content.add(
            "list",
            "measures",
            content.say(_("Measures")),
            items=[],
            empty=content.say(_("No measures here yet.")),
            more=f"measures/?{part.query}",
        )
        return
    content.add(
        "table",
        "measures",
        content.say(_("Measures")),
        small=content.say(_("the first %(count)s by code; each measure whole"), count=len(rows)),
        more=f"measures/?{part.query}",
        columns=[
            column(content.say(_("Measure"))),
            column(content.say(_("Stage"))),
            *beside_columns(content, overview, "plan", "forecast", "confirmed"),
        ],
        rows=rows,
        notes=[],
        scroll=True,
    )
