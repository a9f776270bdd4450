"""Names of sectors, people, stages and the like: as a sheet shows them, and which one a cell means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.tables.cells import plain
from core.text import LANGUAGES
from measures.models import Confidence, LineClass, Measure, Permanence, Series, Stage
from measures.workbooks.columns import folded
from programme.models import CostType, Goal, Programme, RoleGrant, Sector, Theme
from programme.words import word

YES, NO = _("yes"), _("no")


class Choices:
    """Both ways for one list: `shown[value]` for writing, `meant(text)` for reading.

    A text means a row by the name shown, by any of its names in any language, or by its key; one that
    several rows share means none of them.
    """

    def __init__(self, rows: Iterable[tuple[Any, str, Iterable[str]]]) -> None:
        self.shown: dict[Any, str] = {}
        self._meant: dict[str, Any] = {}
        doubtful: set[str] = set()
        listed = list(rows)
        names = [folded(name) for _value, name, _others in listed]
        for value, name, others in listed:
            others = [other for other in others if other]
            unique = name if names.count(folded(name)) == 1 or not others else f"{name} ({others[0]})"
            self.shown[value] = unique
            for text in {folded(plain(one)) for one in (unique, *others)}:
                if self._meant.setdefault(text, value) != value:
                    doubtful.add(text)
        for value, shown in self.shown.items():
            self._meant[folded(plain(shown))] = value
            doubtful.discard(folded(plain(shown)))
        for text in doubtful:
            self._meant.pop(text, None)

    def meant(self, text: str) -> Any:
        """The value that a cell's text means; None when it means none or several."""
        return self._meant.get(folded(plain(text)))


class Lists:
    """Every list that a workbook of this programme uses, in one language; each is read when first asked for."""

    def __init__(self, programme: Programme, language: str) -> None:
        self.programme, self.language = programme, language
        self._made: dict[str, Choices] = {}

    def __getitem__(self, kind: str) -> Choices:
        if kind not in self._made:
            self._made[kind] = Choices(getattr(self, f"_{kind}")())
        return self._made[kind]

    def _named(self, model: Any, **only: Any) -> list[tuple[Any, str, list[str]]]:
        rows = model.objects.filter(programme=self.programme, **only)
        return [
            (row.pk, _name(row, self.language), [row.key, row.name_fi, row.name_sv, row.name_en])
            for row in rows
        ]

    def _themes(self) -> Any:
        return self._named(Theme)

    def _goals(self) -> Any:
        return self._named(Goal)

    def _sectors(self) -> Any:
        return self._named(Sector)

    def _cost_types(self) -> Any:
        return self._named(CostType)

    def _people(self) -> Any:
        """People with a role in the programme, and those who own a measure already."""
        people = get_user_model().objects.filter(
            Q(pk__in=RoleGrant.objects.filter(programme=self.programme).values("user"), is_active=True)
            | Q(pk__in=Measure.objects.filter(programme=self.programme).values("owner"))
        )
        return [
            (one.pk, str(one), [one.username, one.get_full_name(), one.email])
            for one in people.order_by("pk")
        ]

    def _stages(self) -> Any:
        def say(language: str, stage: str) -> str:
            return word(self.programme, f"stage.{stage}", language=language)

        return [
            (stage, say(self.language, stage), [stage, *(say(one, stage) for one in LANGUAGES)])
            for stage in Stage.values
        ]

    def _labels(self, kind: Any) -> Any:
        return [
            (str(one), _said(one.label, self.language), [str(one), *_everywhere(one.label)]) for one in kind
        ]

    def _confidences(self) -> Any:
        return self._labels(Confidence)

    def _permanences(self) -> Any:
        return self._labels(Permanence)

    def _classes(self) -> Any:
        return self._labels(LineClass)

    def _series(self) -> Any:
        return self._labels(Series)

    def _yes(self) -> Any:
        yes = (True, _said(YES, self.language), [*_everywhere(YES), "1", "x", "true"])
        return [yes, (False, _said(NO, self.language), [*_everywhere(NO), "0", "false", "-"])]


def _name(row: Any, language: str) -> str:
    return getattr(row, f"name_{language}") or row.name_fi or row.name_sv or row.name_en


def _said(label: Any, language: str) -> str:
    with translation.override(language):
        return str(label)


def _everywhere(label: Any) -> list[str]:
    return [_said(label, language) for language in LANGUAGES]
