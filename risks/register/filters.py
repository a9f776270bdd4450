"""The filters of the register: every one is a parameter of the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from risks.models import Risk
from risks.register.calculations import MOMENTS, PROGRAMME, parse_place
from risks.register.selectors import Line

ALL = "all"
#: What is shown without a word: the programme's own picture, not closed.
OPEN = "open"
WHERE = (
    ("", _("the programme's: its own and raised ones")),
    ("projects", _("all risks of projects")),
    (ALL, _("all risks")),
)
MOMENT_WORDS = {"now": _("Now"), "after": _("After mitigation"), "target": _("Aim")}


class RegisterForm(forms.Form):
    """Choices of the register. Values that no choice has are left out, never an error."""

    where = forms.ChoiceField(label=_("Whose"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Risk.Kind.choices])
    category = forms.ChoiceField(label=_("Category"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("not closed")), *Risk.State.choices, (ALL, _("all, closed ones too"))],
    )  # fmt: skip
    above = forms.ChoiceField(
        label=_("Level"), required=False,
        choices=[("", _("all")), ("1", _("above what is accepted")), ("none", _("not assessed"))],
    )  # fmt: skip
    due = forms.ChoiceField(
        label=_("Review"), required=False, choices=[("", _("all")), ("1", _("due to be looked at"))]
    )

    def __init__(self, data: Any, lines: Sequence[Line]) -> None:
        super().__init__(data or {})
        projects = {line.row.project_id: line.row.project for line in lines if line.row.project is not None}
        categories = sorted({line.row.category for line in lines if line.row.category}, key=str.casefold)
        owners = {line.row.owner_id: line.row.owner for line in lines if line.row.owner is not None}
        self._offer("where", [*WHERE, *((f"p{pk}", str(row.name)) for pk, row in projects.items() if row)])
        self._offer("category", [("", _("all")), *((word, word) for word in categories)])
        self._offer(
            "owner",
            [
                ("", _("all")),
                *((str(pk), row.get_full_name() or row.get_username()) for pk, row in owners.items() if row),
                ("none", _("nobody: the owner is missing")),
            ],
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "filter"
        self.is_valid()

    def _offer(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_used(self) -> bool:
        return any(self.chosen(name) for name in self.fields)


@dataclass(frozen=True)
class Asked:
    """The register as an address asks for it."""

    form: RegisterForm
    moment: str
    cell: Any
    cell_kind: str

    @classmethod
    def of(cls, data: Mapping[str, str], lines: Sequence[Line]) -> Asked:
        moment = data.get("moment", "")
        return cls(
            RegisterForm(data, lines),
            moment if moment in MOMENTS else MOMENTS[0],
            parse_place(data.get("cell", "")),
            data.get("of", ""),
        )

    def narrowed(self, lines: Sequence[Line]) -> list[Line]:
        """Lines that the filters let through, before a cell is chosen."""
        return [line for line in lines if self._fits(line)]

    def in_cell(self, lines: Sequence[Line]) -> list[Line]:
        """Of them those in the cell that was asked for."""
        if self.cell is None:
            return list(lines)
        kinds = {self.cell_kind} & set(Risk.Kind.values) or set(Risk.Kind.values)
        return [line for line in lines if line.place(self.moment) == self.cell and line.row.kind in kinds]

    def _fits(self, line: Line) -> bool:
        form, row = self.form, line.row
        where, state, owner, above = (form.chosen(name) for name in ("where", "state", "owner", "above"))
        if not _stands(line, where):
            return False
        if state != ALL and (row.state != state if state else row.state == Risk.State.CLOSED):
            return False
        if owner and (row.owner_id is not None if owner == "none" else str(row.owner_id) != owner):
            return False
        if above and (line.level is not None if above == "none" else not line.is_above):
            return False
        plain = all(
            not form.chosen(name) or getattr(row, name) == form.chosen(name) for name in ("kind", "category")
        )
        return plain and (not form.chosen("due") or line.is_review_due)


def _stands(line: Line, where: str) -> bool:
    if where == ALL:
        return True
    if where == "projects":
        return line.row.project_id is not None
    if where.startswith("p"):
        return f"p{line.row.project_id}" == where
    return line.where == PROGRAMME
