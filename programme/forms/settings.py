"""Forms of the programme itself: its texts, period, comparison base, and its own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.text import LANGUAGES
from programme.forms.structure import NAMES
from programme.models import Programme
from programme.words import DEFAULTS, word


class ProgrammeTextForm(RowForm):
    fieldsets = [(None, [*NAMES, "purpose_fi", "purpose_sv", "purpose_en"])]

    class Meta:
        model = Programme
        fields = [*NAMES, "purpose_fi", "purpose_sv", "purpose_en"]
        widgets = {name: forms.Textarea for name in ("purpose_fi", "purpose_sv", "purpose_en")}


class PeriodForm(RowForm):
    reason_rule = "optional"
    fieldsets = [
        (_("Period"), ["start_year", "end_year", "horizon_year"]),
        (_("Day the figures are shown for"), ["status_date"]),
        (_("Status view"), ["status_view_day"]),
        (_("Approval"), ["approval_body", "approval_planned_on", "approved_on"]),
    ]

    status_date = DateField(
        label=_("Status date"),
        required=False,
        help_text=_(
            "Empty means today. Set it only for illustrative data: all figures are then shown for that day."
        ),
    )
    approval_planned_on = DateField(label=_("Approval planned on"), required=False)
    approved_on = DateField(label=_("Approved on"), required=False)

    class Meta:
        model = Programme
        fields = [
            "start_year", "end_year", "horizon_year", "status_date", "status_view_day", "approval_body",
            "approval_planned_on", "approved_on",
        ]  # fmt: skip
        labels = {
            "start_year": _("First year"),
            "end_year": _("Last year"),
            "horizon_year": _("Last year of the vision"),
            "status_view_day": _("Day of the status view"),
            "approval_body": _("Approved by"),
        }
        help_texts = {
            "end_year": _("Savings are judged by the level reached in this year."),
            "horizon_year": _("When the vision reaches beyond the period."),
            "status_view_day": _(
                "Day of the month, 1 to 28, on which the status view of the month before is built."
            ),
        }


class BasisForm(RowForm):
    """What savings are compared with. A change of it changes what every figure means, so it asks twice."""

    reason_rule = "required"
    fieldsets = [
        (
            _("Comparison base"),
            ["comparison_base_fi", "comparison_base_sv", "comparison_base_en", "base_year"],
        ),
        (_("How the target is judged"), ["basis", "is_meant"]),
    ]
    #: Fields whose change moves figures.
    MOVING = ("base_year", "basis")

    is_meant = forms.BooleanField(
        label=_("I know that figures, lights and reports to come change"),
        required=False,
        help_text=_(
            "Asked when the base year or the basis changes. Frozen views and reports stay as they are."
        ),
    )

    class Meta:
        model = Programme
        fields = ["comparison_base_fi", "comparison_base_sv", "comparison_base_en", "base_year", "basis"]
        widgets = {"basis": forms.RadioSelect}
        labels = {"base_year": _("Base year"), "basis": _("Basis of the target")}
        help_texts = {"base_year": _("Year whose original budget is the comparison base.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        moved = [name for name in self.MOVING if name in self.changed_data]
        if moved and not cleaned.get("is_meant"):
            self.add_error("is_meant", _("Base year or basis changes: mark this to go on."))
        return cleaned


class WordsForm(RowForm):
    """Words of the programme kept in one JSON column; each is merged by itself, like a field of its own."""

    class Meta:
        model = Programme
        fields: list[str] = []

    def __init__(self, data: Any = None, **options: Any) -> None:
        programme = options.get("instance") or options["programme"]
        self.base_fields = self.base_fields | dict(self.word_fields(programme))  # type: ignore[misc]
        first = self.read_words(programme.words) | dict(options.pop("initial", None) or {})
        super().__init__(data, initial=first, **options)

    def word_fields(self, programme: Programme) -> Iterator[tuple[str, forms.Field]]:
        raise NotImplementedError

    def read_words(self, words: Mapping[str, Any]) -> dict[str, Any]:
        """What `programme.words` says, by field name."""
        raise NotImplementedError

    def write_words(self, words: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
        """`programme.words` with the changed fields written into it."""
        raise NotImplementedError

    @property
    def own_fields(self) -> list[str]:
        return [name for name in self.fields if name not in ("was", "token", "reason")]

    def stored(self, row: Any) -> dict[str, str]:
        found = self.read_words(row.words)
        return {name: "" if found.get(name) is None else str(found[name]) for name in self.own_fields}


def _text(placeholder: str, language: str, label: str) -> forms.CharField:
    attrs = {"placeholder": placeholder, "lang": language}
    return forms.CharField(label=label, required=False, max_length=60, widget=forms.TextInput(attrs=attrs))


#: Levels and scenario ends that a programme may call by words of its own; those with a plural.
LEVELS = ("theme", "goal", "sub_goal", "measure", "project", "sector", "segment", "cost_type")
SCENARIOS = ("cautious", "full")
COLUMNS = ("base", "later", "total")


class LevelWordsForm(WordsForm):
    """Names of levels (one and several), scenario ends and columns of the target table."""

    def word_fields(self, programme: Programme) -> Iterator[tuple[str, forms.Field]]:
        for name, key, code, plural in self._slots():
            default = word(None, key, plural=plural, language=code)
            yield name, _text(default, code, self._label(key, code, plural=plural))

    @staticmethod
    def _label(key: str, code: str, *, plural: bool) -> str:
        kind = gettext("several") if plural else gettext("one")
        one = str(DEFAULTS[key][0])
        return f"{one}, {kind} ({code})" if key in LEVELS else f"{one} ({code})"

    @staticmethod
    def _slots() -> Iterator[tuple[str, str, str, bool]]:
        """Field name, key of core.words, language, whether it is the plural."""
        for key in LEVELS:
            for code in LANGUAGES:
                yield f"{key}__{code}", key, code, False
                yield f"{key}__{code}_plural", key, code, True
        for key in (*SCENARIOS, *(f"column.{name}" for name in COLUMNS)):
            for code in LANGUAGES:
                yield f"{key.replace('.', '_')}__{code}", key, code, False

    def read_words(self, words: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name, key, code, plural in self._slots():
            section, _dot, column = key.partition(".")
            own = words.get("columns", {}).get(column, {}) if column else words.get(section, {})
            found[name] = own.get(f"{code}_plural" if plural else code, "")
        return found

    def write_words(self, words: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
        for name, key, code, plural in self._slots():
            if name not in changed:
                continue
            _section, _dot, column = key.partition(".")
            own = (
                words.setdefault("columns", {}).setdefault(column, {"key": column})
                if column
                else words.setdefault(key, {})
            )
            slot = f"{code}_plural" if plural else code
            if changed[name]:
                own[slot] = changed[name]
            else:
                own.pop(slot, None)
        return {key: own for key, own in words.items() if own}

    def rows(self) -> list[tuple[str, list[tuple[str, list[forms.BoundField]]]]]:
        """The table as shown: the portal's word, and per language its fields (one, several)."""
        found: dict[str, dict[str, list[forms.BoundField]]] = {}
        for name, key, code, _plural in self._slots():
            found.setdefault(key, {}).setdefault(code, []).append(self[name])
        return [(str(DEFAULTS[key][0]), list(by_code.items())) for key, by_code in found.items()]


MEANINGS = tuple(key.removeprefix("stage.") for key in DEFAULTS if key.startswith("stage."))


class StagesForm(WordsForm):
    """Names and order of the stages between the gates."""

    def word_fields(self, programme: Programme) -> Iterator[tuple[str, forms.Field]]:
        for at, meaning in enumerate(ordered_stages(programme.words), start=1):
            key = f"stage.{meaning}"
            one = str(DEFAULTS[key][0])
            yield f"{meaning}__order", forms.IntegerField(
                label=gettext("%(stage)s, place in the order") % {"stage": one}, min_value=1, max_value=99,
                initial=at, widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 2}),
            )  # fmt: skip
            for code in LANGUAGES:
                yield f"{meaning}__{code}", _text(word(None, key, language=code), code, f"{one} ({code})")

    def read_words(self, words: Mapping[str, Any]) -> dict[str, Any]:
        own = {stage["meaning"]: stage for stage in reversed(words.get("stages", []))}
        found: dict[str, Any] = {}
        for at, meaning in enumerate(ordered_stages(words), start=1):
            found[f"{meaning}__order"] = at
            for code in LANGUAGES:
                found[f"{meaning}__{code}"] = own.get(meaning, {}).get(code, "")
        return found

    def write_words(self, words: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
        before = self.read_words(words)
        own = {stage["meaning"]: dict(stage) for stage in reversed(words.get("stages", []))}
        rows = []
        for meaning in ordered_stages(words):
            stage = own.get(meaning, {"key": meaning, "meaning": meaning})
            for code in LANGUAGES:
                text = changed.get(f"{meaning}__{code}", before[f"{meaning}__{code}"])
                stage.pop(code, None)
                if text:
                    stage[code] = text
            name = f"{meaning}__order"
            # Moved up it goes before the one that stood in its new place, moved down after it.
            place = int(changed.get(name, before[name]))
            turn = (place > before[name]) - (place < before[name])
            rows.append((place, turn, before[name], stage))
        words["stages"] = [stage for *_place, stage in sorted(rows, key=lambda row: row[:3])]
        return words

    def rows(self) -> list[tuple[str, forms.BoundField, list[tuple[str, forms.BoundField]]]]:
        """The table as shown: the portal's word, the place in the order, the names by language."""
        meanings = [name.removesuffix("__order") for name in self.fields if name.endswith("__order")]
        return [
            (
                str(DEFAULTS[f"stage.{meaning}"][0]),
                self[f"{meaning}__order"],
                [(code, self[f"{meaning}__{code}"]) for code in LANGUAGES],
            )
            for meaning in meanings
        ]


def ordered_stages(words: Mapping[str, Any]) -> list[str]:
    """All stages of the portal: the programme's own order first, then those it does not name."""
    own = [stage["meaning"] for stage in words.get("stages", [])]
    return list(dict.fromkeys([*own, *MEANINGS]))
