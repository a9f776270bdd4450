"""The forms of a file of the books: what it holds, what its columns are, what its names mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from config import limits
from core import identity_codes
from core.fields import DateField, EurCentsField
from core.identity_codes import WithoutCodes
from core.money import unit_label
from core.templatetags.ui import plain_text
from core.units import UNITS
from measures.ledger.mapping import MONTHS, ROLES, FileMapping
from measures.ledger.options import Kind, Wanted
from measures.models import BudgetVersion, ImportRun
from programme.models import CostType, Programme, Sector

_MB = 1024 * 1024


class WantedForm(identity_codes.WithoutCodes):
    """Which rows of the books the file holds."""

    kind = forms.ChoiceField(label=_("What does the file hold?"), choices=Kind.choices)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    number = forms.IntegerField(
        label=_("Version of an amended budget"), min_value=1, max_value=99, required=False,
        help_text=_("1 for the first amendment of the year."),
    )  # fmt: skip
    decided_on = DateField(label=_("Day of the budget's decision"), required=False)
    section = forms.CharField(label=_("Section (§)"), max_length=30, required=False)
    control_eur_cents = EurCentsField(
        label=_("Total to check against, €"), required=False,
        help_text=_("The sum of the file by your own report. Another sum is not stored. You may write 412,5 M€."),
    )  # fmt: skip
    only_sectors = forms.BooleanField(
        label=_("The file holds some sectors only: rows of the others stay as they are"), required=False
    )
    reason = forms.CharField(
        label=_("Why do closed months change?"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when the books of a month in the file are closed: the changes are stored as corrections."),
    )  # fmt: skip

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        self.programme = programme
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Kind.AMENDED_BUDGET:
            known = BudgetVersion.objects.filter(
                programme=self.programme, year=cleaned.get("year") or 0, number=cleaned.get("number") or 0
            )
            if not cleaned.get("number"):
                self.add_error("number", _("Give the version of the amended budget."))
            elif not cleaned.get("decided_on") and not known.exists() and "decided_on" not in self.errors:
                self.add_error("decided_on", _("An amended budget needs the day of its decision."))
        return cleaned

    def wanted(self) -> Wanted:
        """What a valid form says."""
        said = self.cleaned_data
        is_amended = said["kind"] == Kind.AMENDED_BUDGET
        return Wanted(
            kind=said["kind"], year=said["year"], number=said["number"] if is_amended else 0,
            decided_on=said["decided_on"], section=said["section"], control_eur_cents=said["control_eur_cents"],
            reason=said["reason"], only_sectors=said["only_sectors"],
        )  # fmt: skip

    @staticmethod
    def first(wanted: Wanted) -> dict[str, Any]:
        """The first values of a form that changes what was said."""
        return {name: getattr(wanted, name) for name in WantedForm.base_fields} | {
            "number": wanted.number or None
        }


class UploadForm(WantedForm):
    """The file and what it holds."""

    file = forms.FileField(
        label=_("File"), help_text=_("An Excel workbook (.xlsx) or a CSV file, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )  # fmt: skip
    field_order = ["file", "kind", "year"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > limits.UPLOAD_MAX_BYTES:
            told = _now("The file is %(size)s MB; at most %(most)s MB are read.")
            raise forms.ValidationError(
                told % {"size": -(-file.size // _MB), "most": limits.UPLOAD_MAX_BYTES // _MB},
                code="too_large",
            )
        return file


@dataclass(frozen=True)
class ColumnChoice:
    """One column of the file: its letters, heading, some values, and the field that says what it is."""

    letters: str
    head: str
    samples: list[str]
    field: Any


class MappingForm(WithoutCodes):
    """What each column of a sheet is, how its amounts are written, which rows are left out."""

    unit = forms.ChoiceField(label=_("Amounts are written in"), choices=[])
    is_flipped = forms.BooleanField(label=_("Costs have a minus sign in the file"), required=False)
    fills_down = forms.BooleanField(
        label=_("A sector stands once above its rows: an empty cell means the one above"), required=False
    )
    left_out = forms.CharField(
        label=_("Rows left out"), required=False, max_length=500,
        help_text=_("Words with which a total begins, separated by semicolons."),
    )  # fmt: skip
    internal_marks = forms.CharField(
        label=_("Marks of internal charges"), required=False, max_length=300,
        help_text=_("Values of the column “mark of an internal charge”; when empty, any value is a mark."),
    )  # fmt: skip
    internal_accounts = forms.CharField(
        label=_("Accounts of internal charges begin with"), required=False, max_length=300,
        help_text=_("Separated by semicolons, for example 39; 439. They stand outside base and comparison."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Keep these choices under the name"), max_length=200,
        help_text=_("They are used by themselves for the next file with the same headings."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, run: ImportRun, sheet: int, header_row: int, mapping: FileMapping
    ) -> None:
        super().__init__(data)
        self.run, self.mapping, self.header_row = run, mapping, header_row
        self.sheet: dict[str, Any] = run.options["sheets"][sheet]
        rows = self.sheet["rows"]
        self.heads: list[str] = rows[header_row] if header_row < len(rows) else []
        self._below = rows[header_row + 1 :]
        self.fields["unit"].choices = [(unit, unit_label(unit)) for unit in UNITS]  # type: ignore[attr-defined]
        roles = [("", _("not used")), *ROLES.items(), *_month_roles()]
        self.width = max((len(row) for row in [self.heads, *self._below]), default=0)
        for at in range(self.width):
            self.fields[f"role-{at}"] = forms.ChoiceField(
                choices=roles, required=False, initial=mapping.roles.get(at, ""), label=self._label(at)
            )
        for name in ("unit", "is_flipped", "fills_down"):
            self.initial[name] = getattr(mapping, name)
        for name in ("left_out", "internal_marks", "internal_accounts"):
            self.initial[name] = "; ".join(getattr(mapping, name))
        self.initial["name"] = run.mapping.name if run.mapping else run.file_name.rsplit(".", 1)[0][:200]

    def _label(self, at: int) -> str:
        return self.heads[at] if at < len(self.heads) and self.heads[at] else f"({at + 1})"

    def columns(self) -> Iterator[ColumnChoice]:
        """The columns that say anything, in order."""
        from core.tables import column_name

        for at in range(self.width):
            samples = [row[at] for row in self._below if at < len(row) and row[at]][:3]
            if samples or (at < len(self.heads) and self.heads[at]):
                yield ColumnChoice(column_name(at), self._label(at), samples, self[f"role-{at}"])

    def others(self) -> list[Any]:
        """The fields that are no columns."""
        return [self[name] for name in self.base_fields]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        from measures.ledger.words import PROBLEMS

        for code in self.made().lacks:
            self.add_error(None, PROBLEMS[code])
        return cleaned

    def made(self) -> FileMapping:
        """The mapping that the form says; names learned before stay."""
        said = self.cleaned_data
        roles = {at: said[f"role-{at}"] for at in range(self.width) if said.get(f"role-{at}")}
        heads = [head.casefold() for head in self.heads]
        while heads and not heads[-1]:
            heads.pop()
        return FileMapping(
            sheet=self.sheet["name"], header_row=self.header_row, heads=heads, roles=roles,
            unit=said.get("unit", "eur"),
            is_flipped=said.get("is_flipped", False), fills_down=said.get("fills_down", False),
            left_out=_parts(said.get("left_out", "")), internal_marks=_parts(said.get("internal_marks", "")),
            internal_accounts=_parts(said.get("internal_accounts", "")), sectors=self.mapping.sectors,
            cost_types=self.mapping.cost_types,
        )  # fmt: skip


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def _month_roles() -> list[tuple[str, Any]]:
    return [(role, f"{_now('month')} {number}") for number, role in enumerate(MONTHS, start=1)]


#: "Leave these rows out" in a choice of what a name means.
LEAVE_OUT = "-"


class NamesForm(forms.Form):
    """What the names that nobody knows mean: a sector or cost type, or rows that are left out."""

    def __init__(self, data: Any = None, *, programme: Programme, unknown: dict[str, Sequence[str]]) -> None:
        super().__init__(data)
        self.names: list[tuple[str, str, str]] = []  # field, kind, name in the file
        choices = {
            "sector": _choices(Sector.objects.filter(programme=programme)),
            "cost_type": _choices(CostType.objects.filter(programme=programme)),
        }
        for kind, names in unknown.items():
            for at, name in enumerate(names[:100]):
                field = f"{kind}-{at}"
                self.names.append((field, kind, name))
                self.fields[field] = forms.ChoiceField(label=name, choices=choices[kind], required=True)

    def said(self, kind: str) -> dict[str, str]:
        """The keys by the names of the file, "" for rows left out."""
        chosen = {name: self.cleaned_data[field] for field, of, name in self.names if of == kind}
        return {name: "" if key == LEAVE_OUT else key for name, key in chosen.items()}


def _choices(rows: Any) -> list[tuple[str, Any]]:
    named = [(row.key, plain_text(row)) for row in rows]
    return [("", _("(choose)")), *named, (LEAVE_OUT, _("leave these rows out"))]
