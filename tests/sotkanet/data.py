"""What the loopback Sotkanet knows: the recorded answers, and whatever a test adds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).resolve().parents[2] / "kpis" / "data"
GENDERS = ("total", "male", "female")
Row = dict[str, Any]


class Data:
    """Indicators, regions and rows as the wire has them. A test changes them as it likes."""

    def __init__(self) -> None:
        regions = json.loads((RECORDED / "regions.json").read_text())
        indicators = json.loads((RECORDED / "indicators.json").read_text())
        values = json.loads((RECORDED / "values.json").read_text())
        exact = {row["id"]: row for row in regions["answers"]}
        self.regions: list[Row] = [
            exact.get(number) or region(number, category, code, fi)
            for number, category, code, fi, *_names in regions["rows"]
        ]
        self.indicators: dict[int, Row] = {row["id"]: row for row in indicators["answers"]}
        self.rows: dict[int, list[Row]] = {}
        self.bodies: dict[int, bytes] = {}
        for number, region_id, year, gender, value, count, _day in values["rows"]:
            row = {"indicator": number, "region": region_id, "year": year, "gender": gender, "value": value}
            self.rows.setdefault(number, []).append(row | ({} if count is None else {"absValue": count}))
        titles = {number: title for number, title, *_rest in indicators["titles"]}
        for number, rows in self.rows.items():
            if number not in self.indicators:
                years = [row["year"] for row in rows]
                self.indicators[number] = indicator(
                    number, titles.get(number, f"Indikaattori {number}"), min(years), max(years)
                )

    def add(
        self,
        number: int,
        title: str,
        rows: Iterable[tuple[int, int, str, Any]],
        *,
        updated: str = "2026-09-01",
    ) -> None:
        """An indicator with rows (region, year, gender, value)."""
        made = [
            {"indicator": number, "region": region_id, "year": year, "gender": gender, "value": value}
            for region_id, year, gender, value in rows
        ]
        years = [row["year"] for row in made] or [2024]
        self.indicators[number] = indicator(number, title, min(years), max(years), updated)
        self.rows[number] = made

    def add_large(
        self, count: int, *, years: Sequence[int] = range(2015, 2025), first: int = 900_001
    ) -> list[int]:
        """Many indicators of all regions and genders, some 14 000 rows each in ten years; their ids.

        Their answers are made once and hold every row whatever years are asked for.
        """
        numbers = list(range(first, first + count))
        places = [region["id"] for region in self.regions]
        places += list(range(20_000, 20_000 + 468 - len(places)))  # municipalities that the recordings lack
        rows = [
            f'{{"indicator":@,"region":{place},"year":{year},"gender":"{gender}",'
            f'"value":{(place * 7 + year * 13 + order * 29) % 1000 / 10},"absValue":{place * 3 + year}}}'
            for place in places
            for year in years
            for order, gender in enumerate(GENDERS)
        ]
        body = f"[{','.join(rows)}]".encode()
        for number in numbers:
            self.indicators[number] = indicator(number, f"Iso sarja {number}", min(years), max(years))
            self.bodies[number] = body
        return numbers

    def answer(self, number: int, years: set[int], genders: set[str]) -> list[Row]:
        """Rows of all regions in no order, as Sotkanet gives them."""
        rows = [row for row in self.rows.get(number, []) if row["year"] in years and row["gender"] in genders]
        return sorted(rows, key=lambda row: (row["region"] * 7919 + row["year"] * 104729) % 1009)


def region(number: int, category: str, code: str, name: str, member_of: Sequence[int] = ()) -> Row:
    title = {"fi": name, "en": name, "sv": name}
    return {
        "id": number,
        "code": code,
        "category": category,
        "title": title,
        "memberOf": list(member_of),
        "uri": "",
    }


def indicator(number: int, title: str, start: int, end: int, updated: str = "2026-08-18") -> Row:
    """Metadata in the shape of a recorded answer."""
    empty = {"fi": "", "en": " ", "sv": ""}
    names = {"fi": "Terveyden ja hyvinvoinnin laitos (THL)", "en": "THL", "sv": "THL"}
    return {
        "id": number, "data-updated": updated, "range": {"start": start, "end": end},
        "title": {"fi": title, "en": f"{title} (en)", "sv": f"{title} (sv) "},
        "description": {"fi": 'Kuvaus<p id=suhteutus><a href="https://thl.fi">THL</a>.</p>', "en": "", "sv": ""},
        "interpretation": empty, "limits": empty, "legislation": empty, "notices": empty,
        "primaryValueType": {"code": "PROS", "title": names}, "decimals": 1,
        "classifications": {
            "region": {"title": names, "values": ["Kunta", "Maa"]},
            "sex": {"title": names, "values": list(GENDERS)},
        },
        "organization": {"id": 2, "title": names}, "groups": [1], "subjects": [], "sources": [],
    }  # fmt: skip
