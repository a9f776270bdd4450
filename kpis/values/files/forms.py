"""The forms of a file of values: the file and whose values it holds, and what its columns are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.limits import UPLOAD_MAX_BYTES
from core.identity_codes import WithoutCodes, refuse
from core.tables import column_name
from core.templatetags.ui import plain_text
from kpis.models import SourceLink
from kpis.values.entering import OWN_KINDS
from kpis.values.files.mapping import ROLES, ValueMapping, year_role
from kpis.values.files.words import PROBLEMS
from kpis.values.forms import source_name
from measures.models import ImportRun
from programme.models import Programme


class LinkField(forms.ModelChoiceField):
    """A source with the indicator that it feeds."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{plain_text(obj.indicator)} – {source_name(obj)}"


class UploadForm(WithoutCodes):
    file = forms.FileField(
        label=_("File"), help_text=_("An Excel workbook (.xlsx) or CSV, at most %(most)s MB.") % {
            "most": UPLOAD_MAX_BYTES // (1024 * 1024)
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )  # fmt: skip
    link = LinkField(
        SourceLink.objects.none(), label=_("Whose values does it hold?"), required=False,
        empty_label=_("a column names the indicators"),
    )  # fmt: skip

    def __init__(self, *args: Any, programme: Programme, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = SourceLink.objects.filter(programme=programme, kind__in=OWN_KINDS, is_ended=False)
        ordered = rows.select_related("indicator").order_by("indicator__position", "position")
        self.fields["link"].queryset = ordered  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        refuse(file.name)
        return file


@dataclass(frozen=True)
class ColumnChoice:
    """One column of the file: its letters, heading, some values, and the field that says what it is."""

    letters: str
    head: str
    samples: list[str]
    field: Any


class ColumnsForm(WithoutCodes):
    """What each column of a sheet is."""

    name = forms.CharField(
        label=_("Keep these choices under the name"), max_length=200,
        help_text=_("They are used by themselves for the next file with the same headings."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, run: ImportRun, sheet: int, header_row: int, mapping: ValueMapping
    ) -> None:
        super().__init__(data)
        self.run, self.header_row = run, header_row
        self.sheet: dict[str, Any] = run.options["sheets"][sheet]
        rows = self.sheet["rows"]
        self.heads: list[str] = rows[header_row] if header_row < len(rows) else []
        self._below = rows[header_row + 1 :]
        self.width = max((len(row) for row in [self.heads, *self._below]), default=0)
        for at in range(self.width):
            head = self._label(at)
            choices = [("", _("not used")), *ROLES.items()]
            if role := year_role(head):
                choices.append((role, _("values of the year %(year)s") % {"year": head}))
            self.fields[f"role-{at}"] = forms.ChoiceField(
                choices=choices, required=False, initial=mapping.roles.get(at, ""), label=head
            )
        self.initial["name"] = run.mapping.name if run.mapping else run.file_name.rsplit(".", 1)[0][:200]

    def _label(self, at: int) -> str:
        return self.heads[at] if at < len(self.heads) and self.heads[at] else f"({at + 1})"

    def columns(self) -> Iterator[ColumnChoice]:
        """The columns that say anything, in order."""
        for at in range(self.width):
            samples = [row[at] for row in self._below if at < len(row) and row[at]][:3]
            if samples or (at < len(self.heads) and self.heads[at]):
                yield ColumnChoice(column_name(at), self._label(at), samples, self[f"role-{at}"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for code in self.made().lacks(has_indicator=self.run.options.get("link") is not None):
            self.add_error(None, PROBLEMS[code])
        return cleaned

    def made(self) -> ValueMapping:
        """The mapping that the form says."""
        said = self.cleaned_data
        roles = {at: said[f"role-{at}"] for at in range(self.width) if said.get(f"role-{at}")}
        heads = [head.casefold() for head in self.heads]
        while heads and not heads[-1]:
            heads.pop()
        return ValueMapping(sheet=self.sheet["name"], header_row=self.header_row, heads=heads, roles=roles)
