"""Content as a template needs it: figures looked up, written in the reader's language and unit, links complete.

Live pages and frozen documents come through here alike, so that both show a figure in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse

from core.charts.spec import ChartSpec
from core.money import (
    DASH,
    Pair,
    Unit,
    format_decimal,
    format_eur,
    rounded_parts_differ,
    sign_word,
    unit_label,
)
from core.text import LANGUAGES
from measures.wording import pair_text
from programme.models import Programme
from reporting.content import Content, language_now


def found_text(texts: Mapping[str, str]) -> str:
    """The text in the active language, else the first that there is."""
    for language in dict.fromkeys((language_now(), *LANGUAGES)):
        if texts.get(language):
            return texts[language]
    return ""


class Presenter:
    """Turns blocks into what templates print."""

    def __init__(self, figures: Mapping[str, dict[str, Any]], *, programme: Programme, unit: Unit) -> None:
        self.figures = figures
        self.unit = unit
        self.language = language_now()
        self.base = reverse("reporting:dashboard", args=[programme.slug])

    def href(self, source: str) -> str:
        return f"{self.base}{source}" if source else ""

    # --- figures ----------------------------------------------------------------------------------

    def figure(self, ref: str) -> dict[str, Any]:
        """One figure: number, word of its sign, link to the rows behind it."""
        figure = self.figures[ref]
        shown: dict[str, Any] = {
            "ref": ref,
            "label": figure["label"],
            "href": self.href(figure.get("source", "")),
            "word": "",
            "unknown": None,
        }
        if figure["unit"] == "eur_cents":
            cents = figure["cents"]
            shown |= {
                "kind": "money",
                "cents": cents,
                "number": format_eur(
                    cents, language=self.language, unit=self.unit, trim=bool(figure.get("trim"))
                ),
                "word": str(sign_word(cents)),
            }
            if cents is None:
                shown |= {"unknown": figure.get("unknown") or {}, "href": ""}
        else:
            value = figure["value"]
            shown |= {
                "kind": "count",
                "number": DASH if value is None else format_decimal(value, language=self.language),
            }
        return shown

    def gross(self, ref: str) -> str:
        """An amount without a sign, with its unit: what is missing or to spare."""
        cents = self.figures[ref]["cents"]
        return format_eur(cents, language=self.language, unit=self.unit, sign=False, with_unit=True)

    # --- cells ------------------------------------------------------------------------------------

    def cell(self, cell: Mapping[str, Any]) -> dict[str, Any]:
        if "figure" in cell:
            return self.figure(cell["figure"]) | {"strong": cell.get("strong", False)}
        if "pair" in cell:
            return self.pair(*cell["pair"])
        if "status" in cell:
            return {
                "kind": "status",
                "tone": cell["status"],
                "text": cell["word"],
                "small": cell.get("small") or {},
            }
        if "stages" in cell:
            bar = [(found_text(name), count) for _stage, name, count in cell["stages"]]
            return {
                "kind": "stages",
                "bar": bar,
                "words": ", ".join(f"{name} {count}" for name, count in bar),
            }
        return {
            "kind": "text",
            "text": cell.get("text") or {},
            "small": cell.get("small") or {},
            "href": self.href(cell.get("href", "")),
            "tone": cell.get("tone", ""),
        }

    def pair(self, cautious: str, full: str) -> dict[str, Any]:
        first, second = self.figures[cautious], self.figures[full]
        pair = Pair(first["cents"], second["cents"])
        words = dict.fromkeys(str(sign_word(end)) for end in (pair.cautious, pair.full) if end is not None)
        return {
            "kind": "money",
            "ref": cautious,
            "number": pair_text(pair, self.unit),
            "word": " … ".join(words),
            "href": self.href(first.get("source", "")) if pair else "",
            "unknown": None if pair else first.get("unknown") or {},
            "strong": False,
        }

    # --- blocks -----------------------------------------------------------------------------------

    def block(self, block: Mapping[str, Any]) -> dict[str, Any]:
        shown = dict(block) | {
            "template": f"reporting/blocks/{block['kind']}.html",
            "unit_label": unit_label(self.unit),
        }
        make = getattr(self, f"_{block['kind']}", None)
        return make(shown) if make else shown

    def _table(self, block: dict[str, Any]) -> dict[str, Any]:
        rows = [row | {"cells": [self.cell(cell) for cell in row["cells"]]} for row in block["rows"]]
        headings = [found_text(column["label"]) for column in block["columns"]]
        for row in rows:
            for heading, cell, column in zip(headings, row["cells"], block["columns"], strict=True):
                cell["heading"] = heading
                cell["numeric"] = column["kind"] in ("money", "count")
        has_money = any(column["kind"] == "money" for column in block["columns"])
        return block | {
            "rows": rows,
            "has_money": has_money,
            "layout": block.get("on_phone") or _layout(len(headings)),
            "more": self.href(block.get("more", "")),
            "is_rounded": bool(block.get("sums")) and self._parts_differ(block["rows"]),
        }

    def _parts_differ(self, rows: list[dict[str, Any]]) -> bool:
        """Whether some column's rounded parts do not add up to its total (the note is printed then)."""
        total = next((row for row in rows if row["total"]), None)
        if total is None:
            return False
        parts = [row for row in rows if not row["total"] and not row["apart"]]
        for index, cell in enumerate(total["cells"]):
            ends = [cell["figure"]] if "figure" in cell else cell.get("pair", [])
            for end, ref in enumerate(ends):
                if self.figures[ref]["unit"] != "eur_cents":
                    continue
                refs = [
                    [one["figure"]] if "figure" in (one := row["cells"][index]) else one.get("pair", [])
                    for row in parts
                ]
                cents = [self.figures[found[end]]["cents"] for found in refs if len(found) > end]
                if rounded_parts_differ(cents, self.figures[ref]["cents"], unit=self.unit):
                    return True
        return False

    def _answer(self, block: dict[str, Any]) -> dict[str, Any]:
        return block | {
            "figure": self.figure(block["figure"]),
            "parts": [self.figure(ref) for ref in block["parts"]],
            "target": self.figure(block["target"]),
            "distances": [
                distance
                | {"target": self.figure(distance["target"]), "missing": self.gross(distance["missing"])}
                for distance in block["distances"]
            ],
            "chart": self.chart(block["chart"]),
            "probability": self._probability(block.get("probability")),
        }

    def _probability(self, found: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Older documents have none."""
        if not found:
            return None
        return {
            **found,
            **{key: self.figure(found[key])["number"] for key in ("p10", "p50", "p90")},
            "href": self.href(found["href"]),
        }

    def _chart(self, block: dict[str, Any]) -> dict[str, Any]:
        return block | {"chart": self.chart(block["chart"])}

    def chart(self, specs: Mapping[str, Any]) -> ChartSpec:
        """The specification in the reader's language, in the reader's unit, with complete links."""
        data = specs.get(self.language) or next(iter(specs.values()))
        spec = ChartSpec.from_dict(data)
        series = tuple(
            replace(one, links=tuple(self.href(link) for link in one.links)) if one.links else one
            for one in spec.series
        )
        display = self.unit if spec.unit == "eur_cents" else spec.display
        return replace(spec, series=series, display=display)

    def _list(self, block: dict[str, Any]) -> dict[str, Any]:
        return block | {
            "items": [item | {"href": self.href(item.get("href", ""))} for item in block["items"]],
            "more": self.href(block.get("more", "")),
        }

    def _tiles(self, block: dict[str, Any]) -> dict[str, Any]:
        return self._list(block)


def _layout(columns: int) -> str:
    """How a table stands on a phone: narrow ones as they are, wide ones scroll, those between become cards."""
    return "plain" if columns <= 3 else "cards" if columns <= 6 else "scroll"


def present(
    content: Content | Mapping[str, Any], *, programme: Programme, unit: Unit
) -> list[dict[str, Any]]:
    """The blocks of live content or of a document that was read, ready to print."""
    if isinstance(content, Content):
        figures, blocks = content.figures, content.blocks
    else:
        figures, blocks = content["figures"], content["blocks"]
    presenter = Presenter(figures, programme=programme, unit=unit)
    return [presenter.block(block) for block in blocks]
