"""The first contact with the live service: does it answer as we believe it does?

What is known of Sotkanet was gathered without calling it. Each question here checks one belief and says what was
found; a difference is not an error of the service but something for us to look at before figures are read from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kpis.models import SourceLink
from kpis.regions import COUNTIES
from kpis.sotkanet import bundled
from kpis.sotkanet.client import Sotkanet, user_agent
from kpis.sotkanet.failures import Failure
from kpis.sotkanet.metadata import listed_of, regions_of
from kpis.sotkanet.words import told

FINE, DIFFERS, NEW, FAILED = "fine", "differs", "new", "failed"
#: An indicator with recorded values of both counties and the country.
KNOWN = 1080
#: A number that no indicator has.
UNKNOWN = 99_999_999


@dataclass(frozen=True, slots=True)
class Finding:
    """One belief: `verdict` is fine, differs (look at it), new (nobody knew it), or failed (no answer)."""

    what: str
    believed: str
    found: str
    verdict: str


def first_contact(client: Sotkanet) -> Iterator[Finding]:
    """Asks the service a few dozen questions, one a second; yields what was found as it comes."""
    yield Finding("who asks", "a name and a contact", user_agent(), FINE if "(" in user_agent() else DIFFERS)
    for question in (_regions, _list, _details, _values, _region_filter, _csv, _unknown):
        try:
            yield from question(client)
        except Failure as failure:
            yield Finding(_name(question), "an answer", told(failure.code, failure.params), FAILED)
            if failure.code in {"circuit_open", "blocked", "no_address", "no_connection", "tls"}:
                return


def _name(question: Callable[..., object]) -> str:
    return question.__name__.strip("_").replace("_", " ")


def _regions(client: Sotkanet) -> Iterator[Finding]:
    raw = client.raw("/regions")
    yield from _about(raw.content_type, raw.encoding, raw.etag or raw.last_modified)
    found = {(row.category, row.code): row for row in regions_of(raw.body)}
    kinds = Counter(category for category, _code in found)
    told_kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    yield Finding(
        "regions", "540 in 15 categories", f"{sum(kinds.values())} in {len(kinds)}: {told_kinds}", NEW
    )
    known = {row.code: row.id for row in bundled.regions() if row.category == "HYVINVOINTIALUE"}
    for county in COUNTIES:
        row = found.get(("HYVINVOINTIALUE", county.code))
        same = row is not None and row.id == known.get(county.code)
        if not same or county.code in {"10", "11"}:
            yield Finding(
                f"region HYVINVOINTIALUE:{county.code}", f"{known.get(county.code)} {county.fi}",
                f"{row.id} {row.name['fi']} / {row.name['sv']}" if row else "not there", FINE if same else DIFFERS,
            )  # fmt: skip
    country = [row for (category, _code), row in found.items() if category == "MAA"]
    said = ", ".join(f"{row.id} {row.name['fi']}, code {row.code or 'none'}" for row in country)
    yield Finding(
        "the country", "658 Koko maa", said, FINE if [row.id for row in country] == [658] else DIFFERS
    )


def _about(content_type: str, encoding: str, cache: str) -> Iterator[Finding]:
    yield Finding("type of answers", "application/json", content_type, FINE)
    yield Finding("compression", "unknown", encoding or "none", NEW)
    yield Finding("ETag or Last-Modified", "unknown", cache or "none", NEW)


def _list(client: Sotkanet) -> Iterator[Finding]:
    raw = client.raw("/indicators")
    listed = {row.id: row for row in listed_of(raw.body)}
    found = f"{len(listed)}, {len(raw.body) / 1e6:.1f} MB"
    yield Finding("list of indicators", "about 3 770, 2.5 MB", found, FINE if len(listed) > 3000 else DIFFERS)
    dated = sum(row.data_updated is not None for row in listed.values())
    yield Finding("its items with data-updated", "unknown", str(dated), NEW)
    missing = [str(number) for number in _linked() if number not in listed]
    yield Finding("linked indicators in it", "all", ", ".join(missing) or "all", DIFFERS if missing else FINE)


def _linked() -> list[int]:
    """The indicators that programmes name."""
    rows = SourceLink.objects.filter(kind=SourceLink.Kind.SOTKANET, is_ended=False)
    return sorted({number for number in rows.values_list("sotkanet_id", flat=True) if number})


def _details(client: Sotkanet) -> Iterator[Finding]:
    labels = dict(
        SourceLink.objects.filter(sotkanet_id__isnull=False)
        .order_by("-pk")
        .values_list("sotkanet_id", "indicator__name_fi")
    )
    for number in _linked():
        what = f"indicator {number}"
        try:
            row = client.indicator(number)
        except Failure as failure:
            if failure.code not in {"not_found", "gone"}:
                raise
            yield Finding(what, labels.get(number, ""), told(failure.code, failure.params), FAILED)
            continue
        found = (
            f"{row.title['fi']} | {row.organisation['fi']} | {row.value_type} | {row.range_start}-{row.range_end} | "
            f"updated {row.data_updated}"
        )
        yield Finding(what, labels.get(number, ""), found, DIFFERS if row.says_ended else NEW)


def _values(client: Sotkanet) -> Iterator[Finding]:
    recorded = [row for rows in bundled.rows_of(KNOWN).values() for row in rows]
    years = sorted({row.year for row in recorded})
    answer = client.rows(KNOWN, years, ["total"])
    now = {(row.region, row.year): row.value for row in answer.rows}
    yield Finding(f"rows of {KNOWN}, {len(years)} years", "about 470 a year", str(len(answer.rows)), NEW)
    changed = [row for row in recorded if now.get((row.region, row.year)) != row.value]
    found = "; ".join(
        f"{row.region}/{row.year}: {row.value.normalize():f} is now {now.get((row.region, row.year))}"
        for row in changed
    )
    yield Finding("recorded values", "the same", found or "the same", DIFFERS if changed else FINE)


def _region_filter(client: Sotkanet) -> Iterator[Finding]:
    query = [("indicator", KNOWN), ("years", 2023), ("genders", "total")]
    whole = len(client.raw("/json", query).body)
    less = [
        name for name in ("region", "regions") if len(client.raw("/json", [*query, (name, 967)]).body) < whole
    ]
    yield Finding(
        "a parameter for the region",
        "has no effect",
        ", ".join(less) or "has no effect",
        NEW if less else FINE,
    )


def _csv(client: Sotkanet) -> Iterator[Finding]:
    by_json = client.rows(KNOWN, [2023], ["total"]).rows
    by_csv = client.rows(KNOWN, [2023], ["total"], as_csv=True).rows
    same = by_json == by_csv
    yield Finding(
        "CSV", "says the same as JSON", "the same" if same else "something else", FINE if same else DIFFERS
    )


def _unknown(client: Sotkanet) -> Iterator[Finding]:
    try:
        client.indicator(UNKNOWN)
    except Failure as failure:
        fine = FINE if failure.code == "not_found" else DIFFERS
        yield Finding("an indicator that is not there", "404", told(failure.code, failure.params), fine)
    else:
        yield Finding("an indicator that is not there", "404", "an answer", DIFFERS)
