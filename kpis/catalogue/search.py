"""Finding an indicator among thousands: by words of the reader's language first, then of the others, or by id.

Each word may be the beginning of a word or, in titles, a part of a compound. Words are matched by their stems
(PostgreSQL's dictionaries), so "työttömät" finds "työttömyys" no less than "työttömien".
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Case, Count, F, FloatField, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone, translation

from core.text import LANGUAGES
from kpis.models import CatalogueIndicator
from kpis.sotkanet.metadata import ended_in

CONFIGS = {"fi": "finnish", "sv": "swedish", "en": "english"}
#: Words of a question that count; the rest of a pasted sentence would only narrow it to nothing.
MOST_WORDS = 8
#: A stem shorter than this is not looked for inside other words.
SHORTEST_INSIDE = 4
#: A stem so long is looked for without its last letter, too.
LONG_STEM = 8
#: A title that ends so says that its series has ended (kpis.sotkanet.metadata reads the year).
_ENDED = r"\(\s*(\d{4}\s*)?[-–]\s*(19|20)\d{2}\s*\)\s*$"
#: Columns that no list needs.
HEAVY = ("texts", *(f"{name}_{language}" for name in ("words", "search") for language in LANGUAGES))
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


@dataclass(frozen=True)
class Question:
    """What is asked: words (or an id), a producer's id, and whether ended series are left out."""

    text: str = ""
    producer: int | None = None
    only_going: bool = False

    @property
    def words(self) -> list[str]:
        return [word.casefold() for word in _WORD.findall(self.text)][:MOST_WORDS]

    @property
    def number(self) -> int | None:
        """The id when the question is one; ids that cannot be are none."""
        asked = self.text.strip().removeprefix("#")
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 9 else None


@dataclass(frozen=True)
class Freshness:
    """How old our copy is. `listed_at` is None before the first reading; then all there is came with the portal."""

    listed_at: Any = None
    count: int = 0
    detailed: int = 0
    bundled: int = 0
    producers: list[tuple[int, str]] = field(default_factory=list)


def languages() -> list[str]:
    """The reader's language first."""
    own = (translation.get_language() or "fi")[:2]
    return list(dict.fromkeys((own if own in CONFIGS else "fi", *LANGUAGES)))


def found(question: Question) -> QuerySet[CatalogueIndicator]:
    """The indicators that fit, best first; all of them for an empty question."""
    rows = CatalogueIndicator.objects.defer(*HEAVY)
    if question.producer is not None:
        rows = rows.filter(organisation_id=question.producer)
    if question.only_going:
        rows = rows.filter(retired_at=None).exclude(_ended())
    own = languages()[0]
    if question.number is not None:
        return rows.filter(_of_number(question)).order_by(_exactly(question.number), f"title_{own}", "id")
    if not question.words:
        if question.text.strip():
            return rows.none()
        return rows.order_by(_ended_last(), f"title_{own}", "id")
    return _by_words(rows, question.words)


def _of_number(question: Question) -> Q:
    """The id itself, and titles that hold the number as a word (ages, years)."""
    number = question.number
    return Q(pk=number) | reduce(
        or_, (Q(**{f"title_{language}__iregex": rf"\y{number}\y"}) for language in LANGUAGES)
    )


def _exactly(number: int | None) -> Case:
    return Case(When(pk=number, then=0), default=1, output_field=IntegerField())


def _by_words(rows: QuerySet[CatalogueIndicator], words: list[str]) -> QuerySet[CatalogueIndicator]:
    stems = _stems(words)
    whens, matches, ranks = [], Q(pk=None), []
    for place, language in enumerate(languages()):
        query = SearchQuery(
            " & ".join(f"{word}:*" for word in words), config=CONFIGS[language], search_type="raw"
        )
        titled = _in_title(language, words, stems[language])
        by_words = Q(**{f"search_{language}": query})
        whens += [When(titled, then=place * 2), When(by_words, then=place * 2 + 1)]
        matches |= titled | by_words
        ranks.append(SearchRank(F(f"search_{language}"), query, normalization=1))
    own = languages()[0]
    return (
        rows.filter(matches)
        .annotate(
            place=Case(*whens, default=9, output_field=IntegerField()),
            likeness=Greatest(*ranks, output_field=FloatField()),
        )
        .order_by("place", _ended_last(), "-likeness", f"title_{own}", "id")
    )


def _in_title(language: str, words: list[str], stems: list[str]) -> Q:
    """Every word, or its stem, somewhere in the title: also as a later part of a compound."""
    name = f"title_{language}__icontains"
    parts = (
        reduce(or_, (Q(**{name: part}) for part in {word, *_insides(stem)}))
        for word, stem in zip(words, stems, strict=True)
    )
    return reduce(and_, parts)


def _insides(stem: str) -> list[str]:
    """What a title may hold of a stem. The stem of "kuolleisuuden" ends in a d that "kuolleisuus" has not."""
    found = [stem] if len(stem) >= SHORTEST_INSIDE else []
    return [*found, stem[:-1]] if len(stem) >= LONG_STEM else found


def _stems(words: list[str]) -> dict[str, list[str]]:
    """The stem of each word in each language, as the database's dictionaries cut it. One query."""
    asked = [(language, word) for language in CONFIGS for word in words]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((ts_lexize((asked.config || '_stem')::regdictionary, asked.word))[1], asked.word)"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (config, word, place) ORDER BY place",
            [[CONFIGS[language] for language, _word in asked], [word for _language, word in asked]],
        )
        cut = [row[0] for row in cursor.fetchall()]
    stems: dict[str, list[str]] = {language: [] for language in CONFIGS}
    for (language, word), stem in zip(asked, cut, strict=True):
        stems[language].append(stem or word)
    return stems


def _ended() -> Q:
    return reduce(or_, (Q(**{f"title_{language}__regex": _ENDED}) for language in LANGUAGES))


def _ended_last() -> Case:
    """Series that go on before those that have ended."""
    return Case(
        When(retired_at__isnull=False, then=Value(2)), When(_ended(), then=Value(1)), default=Value(0),
        output_field=IntegerField(),
    )  # fmt: skip


def ended_year(row: CatalogueIndicator) -> int | None:
    """The year in which the series ended, as its title says; None while it goes on."""
    years = (ended_in(getattr(row, f"title_{language}")) for language in LANGUAGES)
    return next((year for year in years if year is not None), None)


def freshness() -> Freshness:
    """How old the copy is, how much it holds, and its producers by name. Two queries."""
    counted = CatalogueIndicator.objects.aggregate(
        listed_at=Max("listed_at"), count=Count("id"), detailed=Count("fetched_at"),
        bundled=Count("id", filter=Q(is_bundled=True)),
    )  # fmt: skip
    own = languages()[0]
    producers: list[tuple[int, str]] = []
    names = CatalogueIndicator.objects.exclude(organisation_id=None).values("organisation_id")
    for row in names.annotate(**{name: Max(f"organisation_{name}") for name in LANGUAGES}):
        named: dict[str, Any] = dict(row)
        said = (named[language] for language in (own, *LANGUAGES) if named[language])
        producers.append((named["organisation_id"], next(said, "–")))
    return Freshness(**counted, producers=sorted(producers, key=lambda pair: pair[1].casefold()))


def is_old(copy: Freshness, *, days: int = 30) -> bool:
    """Whether the list was read so long ago that somebody should read it again."""
    return copy.listed_at is None or timezone.now() - copy.listed_at > dt.timedelta(days=days)
