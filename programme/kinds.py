"""The kinds of rows that make up a programme, as the settings list, add, edit, order and delete them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm, save_edit
from core.permissions import can
from core.templatetags.texts import tr_plain
from core.templatetags.ui import quantity, share_range
from programme import models
from programme.forms import funding, governance, planning, structure
from programme.forms.governance import fact_heading
from programme.governance.saving import save_duty
from programme.services import save_goal
from programme.updates.question_form import ReportQuestionForm

Words = str | Promise


@dataclass(frozen=True)
class Fact:
    """One more column of a kind's list: its heading, and the text of a row."""

    label: Words
    of: Callable[[Any], Any]


@dataclass(frozen=True)
class Kind:
    """One kind of rows. `name` is the word in addresses, `noun` in URL names: theme_rows, theme_add, theme_edit.

    `edit` lets a person change a row, `manage` add, order and delete rows. `narrow_form` is for those who may
    edit the row but not manage: a theme's owner changes its texts, not its number or owner.
    """

    name: str
    noun: str
    model: type[Any]
    form: type[RowForm]
    edit: str
    manage: str
    title: Words
    add: Words
    about: Words = ""
    narrow_form: type[RowForm] | None = None
    order: str = "position"
    siblings: tuple[str, ...] = ()
    #: The field that says under which heading a row is listed, and the one that makes a tree.
    heading: str = ""
    parent: str = ""
    related: tuple[str, ...] = ()
    facts: Sequence[Fact] = field(default_factory=tuple)
    text: str = "name"
    #: Word of the programme's own for the level (programme.words), when it has one.
    level: str = ""
    #: What saving an edited row does, when it is more than writing the row.
    save: Callable[[RowForm, Any], Any] = save_edit
    #: Rows that others refer to by their number keep it: they are not moved.
    is_movable: bool = True
    #: Said beside a heading of the list: how the rows below it add up.
    heading_note: Callable[[Sequence[Any]], str] | None = None

    def form_for(self, user: Any, row: Any) -> type[RowForm]:
        """The form in which this person edits this row."""
        if self.narrow_form is not None and not can(user, self.manage, row):
            return self.narrow_form
        return self.form

    def rows(self, programme: Any) -> QuerySet:
        """The programme's rows in their order."""
        found = self.model.objects.filter(programme=programme).select_related(*self.related)
        order = ["pk"]
        if self.order:
            order.insert(0, self.order)
        if self.heading:
            order.insert(
                0, self.heading if self.heading in ("kind", "group") else f"{self.heading}__{_order_of(self)}"
            )
        return found.order_by(*order)


def _order_of(kind: Kind) -> str:
    return "number" if kind.heading in ("theme", "phase") else "position"


def _name(attribute: str) -> Callable[[Any], Any]:
    """The name of the row that `attribute` points to."""

    def of(row: Any) -> Any:
        found = getattr(row, attribute)
        return tr_plain(found) if found is not None else ""

    return of


def _person(attribute: str) -> Callable[[Any], Any]:
    def of(row: Any) -> Any:
        found = getattr(row, attribute)
        return (found.get_full_name() or found.get_username()) if found is not None else ""

    return of


def _closed(row: Any) -> str:
    return gettext("no longer asked") if row.is_closed else ""


def _shares(row: Any) -> str:
    if row.final_share is not None:
        return share_range(row.final_share, row.final_share)
    return share_range(row.share_low, row.share_high)


def shares_note(rows: Sequence[Any]) -> str:
    """What the planned shares of a source come to, and whether the final ones make the whole."""
    finals = [row.final_share for row in rows if row.final_share is not None]
    if rows and len(finals) == len(rows):
        total = sum(finals)
        if total == 100:
            return gettext("The final shares come to 100 %.")
        return gettext("The final shares come to %(total)s %%; they must come to 100 %%.") % {
            "total": quantity(total)
        }
    low, high = (
        sum(value for value in ends if value is not None)
        for ends in ([row.share_low for row in rows], [row.share_high for row in rows])
    )
    return gettext("The planned shares come to %(shares)s.") % {"shares": share_range(low, high)}


KINDS: tuple[Kind, ...] = (
    Kind(
        "themes", "theme", models.Theme, structure.ThemeForm, "theme.edit", "settings.edit",
        _("Themes"), _("Add a theme"), narrow_form=structure.ThemeTextForm, order="number",
        related=("owner",), facts=(Fact(_("Owner"), _person("owner")),), level="themes",
    ),
    Kind(
        "goals", "goal", models.Goal, structure.GoalForm, "theme.edit", "theme.edit",
        _("Goals"), _("Add a goal"), order="number", siblings=("theme", "parent"), heading="theme", parent="parent",
        related=("theme", "parent"), level="goals", save=save_goal,
    ),
    Kind(
        "sectors", "sector", models.Sector, structure.SectorForm, "sector.edit", "settings.edit",
        _("Sectors"), _("Add a sector"), narrow_form=structure.SectorTextForm, level="sectors",
    ),
    Kind(
        "segments", "segment", models.Segment, structure.SegmentForm, "segment.edit", "settings.edit",
        _("Client segments"), _("Add a client segment"), level="segments",
    ),
    Kind(
        "cost-types", "cost_type", models.CostType, structure.CostTypeForm, "settings.edit", "settings.edit",
        _("Cost types"), _("Add a cost type"), siblings=("parent",), parent="parent", related=("parent",),
        facts=(Fact(_("Cost or income"), lambda row: row.get_kind_display()),), level="cost_types",
    ),
    Kind(
        "units", "unit", models.OrganisationUnit, structure.UnitForm, "settings.edit", "settings.edit",
        _("Organisation units"), _("Add a unit"), related=("sector",),
        facts=(Fact(_("Abbreviation"), lambda row: row.abbreviation), Fact(_("Sector"), _name("sector"))),
    ),
    Kind(
        "sources", "source", models.FundingSource, funding.SourceForm, "funding.edit", "funding.edit",
        _("Funding sources"), _("Add a funding source"),
        facts=(Fact(_("Kind"), lambda row: row.get_kind_display()),),
    ),
    Kind(
        "allocations", "allocation", models.Allocation, funding.AllocationForm, "funding.edit", "funding.edit",
        _("Allocations"), _("Add an allocation"), siblings=("source",), heading="source", related=("source", "theme"),
        heading_note=shares_note,
        facts=(Fact(_("Share"), _shares), Fact(_("State"), lambda row: row.get_state_display())),
    ),
    Kind(
        "bodies", "body", models.Body, governance.BodyForm, "governance.edit", "governance.edit",
        _("Bodies and roles"), _("Add a body"),
        facts=(Fact(_("Kind"), lambda row: row.get_kind_display()),),
    ),
    Kind(
        "duties", "duty", models.ReportingDuty, governance.DutyForm, "governance.edit", "governance.edit",
        _("Reporting duties"), _("Add a reporting duty"), related=("from_body",), text="what", save=save_duty,
        facts=(
            Fact(_("Reported by"), lambda row: tr_plain(row.from_body) if row.from_body else row.from_text),
            Fact(_("How often"), lambda row: row.get_frequency_display()),
        ),
    ),
    Kind(
        "report-questions", "report_question", models.ReportQuestion, ReportQuestionForm,
        "settings.edit", "settings.edit", _("Questions of the monthly report form"), _("Add a question"),
        about=_("Every project answers these in its monthly update. A question no longer asked stays in old updates."),
        facts=(
            Fact(_("Must be answered"), lambda row: gettext("yes") if row.is_required else gettext("no")),
            Fact(_("Asked"), lambda row: gettext("no longer") if row.is_closed else gettext("yes")),
        ),
    ),
    Kind(
        "perspectives", "perspective", models.Perspective, governance.PerspectiveForm, "governance.edit",
        "governance.edit", _("Sides of leading the change"), _("Add a side"), related=("owner",),
        facts=(Fact(_("Owner"), _person("owner")),),
    ),
    Kind(
        "documents", "document", models.StrategyDocument, governance.DocumentForm, "governance.edit",
        "governance.edit", _("Decided documents"), _("Add a document"), related=("approved_by",),
        facts=(Fact(_("Decided by"), _name("approved_by")),),
    ),
    Kind(
        "statements", "statement", models.Statement, governance.StatementForm, "text.edit", "text.edit",
        _("What the programme says"), _("Add a text"), siblings=("kind", "group", "parent"), heading="kind",
        parent="parent", related=("parent", "theme", "sector"),
    ),
    Kind(
        "facts", "fact", models.BaselineFact, governance.FactForm, "settings.edit", "settings.edit",
        _("Figures of the starting point"), _("Add a figure"), siblings=("group",), heading="group",
        facts=(Fact(_("Value"), lambda row: quantity(row.value)), Fact(_("Unit"), lambda row: row.unit)),
    ),
    Kind(
        "plan-parts", "plan_template", models.PlanPart, planning.PlanTemplateForm, "settings.edit", "settings.edit",
        _("Parts of the plan"), _("Add a part of the plan"), facts=(Fact(_("State"), _closed),),
        about=_("Every project is asked for these; a change is seen by all of them at once."),
    ),
    Kind(
        "phases", "phase_template", models.ProjectPhase, planning.PhaseTemplateForm, "settings.edit", "settings.edit",
        _("Phases"), _("Add a phase"), order="number", is_movable=False,
    ),
    Kind(
        "phase-questions", "phase_question", models.PhaseQuestion, planning.PhaseQuestionForm, "settings.edit",
        "settings.edit", _("Questions of the phases"), _("Add a question"), siblings=("phase",), heading="phase",
        related=("phase",), facts=(Fact(_("State"), _closed),),
    ),
    Kind(
        "change-elements", "change_element", models.ChangeElement, planning.ChangeElementForm, "settings.edit",
        "settings.edit", _("Elements of leading the change"), _("Add an element"),
        facts=(Fact(_("State"), _closed),),
    ),
)  # fmt: skip


def heading_of(kind: Kind, row: Any) -> str:
    """The heading under which a row is listed; empty for kinds without headings."""
    if kind.heading == "kind":
        return str(row.get_kind_display()).capitalize()
    if kind.heading == "group":
        return fact_heading(row.group)
    return str(tr_plain(getattr(row, kind.heading))) if kind.heading else ""
