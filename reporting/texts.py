"""Texts of a programme in three languages: what is written, what is missing, kind by kind.

Every model whose rows belong to a programme and have columns `<text>_fi`, `_sv`, `_en` takes part by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.apps import apps
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.text import LANGUAGES
from programme.models import Programme

#: How kinds of rows are called in the list; others go by the name of their model.
MODEL_NAMES: dict[str, str | Promise] = {
    "programme.programme": _("The programme"),
    "programme.theme": _("Themes"),
    "programme.goal": _("Goals"),
    "programme.sector": _("Sectors"),
    "programme.segment": _("Client segments"),
    "programme.costtype": _("Cost types"),
    "programme.organisationunit": _("Organisation units"),
    "programme.statement": _("What the programme says"),
    "programme.baselinefact": _("Figures of the starting point"),
    "programme.peercomparison": _("Counties compared"),
    "programme.fundingsource": _("Funding sources"),
    "programme.allocation": _("Allocations"),
    "programme.body": _("Bodies and roles"),
    "programme.reportingduty": _("Reporting duties"),
    "programme.perspective": _("Sides of leading the change"),
    "programme.perspectivetask": _("Tasks of the sides of leading"),
    "programme.strategydocument": _("Decided documents"),
    "programme.target": _("Targets"),
    "programme.project": _("Projects"),
    "programme.projectphase": _("Phases of projects"),
    "programme.phasequestion": _("Questions of the phases"),
    "programme.planpart": _("Parts of a project plan"),
    "programme.milestone": _("Milestones"),
    "programme.linkedinitiative": _("Undertakings beside the programme"),
    "programme.changeelement": _("Leading the change"),
    "programme.roadmapactivity": _("Roadmap"),
    "programme.roadmappart": _("Parts of the roadmap"),
    "programme.preparationworkshop": _("Workshops"),
    "measures.measure": _("Measures"),
    "kpis.indicator": _("Indicators"),
    "kpis.monitoringlevel": _("Levels of monitoring"),
    "kpis.sourcelink": _("Sources of indicators"),
    "kpis.targetrule": _("Target rules"),
    "risks.risk": _("Risks"),
    "risks.mitigation": _("Mitigations"),
    "risks.obstacle": _("Obstacles"),
    "risks.promise": _("Promises"),
    "risks.impactarea": _("Impacts"),
    "strategy.visiontheme": _("Vision"),
    "strategy.annualobjective": _("Annual objectives"),
    "strategy.objective": _("Objectives of seasons"),
    "strategy.keyresult": _("Key results"),
    "strategy.season": _("Seasons"),
}
#: How the texts of a row are called; "name" needs no word of its own.
FIELD_NAMES: dict[str, str | Promise] = {
    "slogan": _("slogan"), "purpose": _("purpose"), "comparison_base": _("comparison base"), "policy": _("policy"),
    "description": _("description"), "detail": _("more"), "label": _("label"), "granted_by": _("granted by"),
    "status": _("state"), "level": _("level"), "acts_as": _("acts as"), "responsibility": _("responsibility"),
    "what": _("what"), "when": _("when"), "aim": _("aim"), "content": _("content"), "challenge": _("what is hard"),
    "approach": _("how it is met"), "text": _("text"), "definition": _("definition"),
    "to_be_specified": _("to be specified"),
}  # fmt: skip


#: Texts that only their own page may change, because it keeps more than the text (when it was accepted).
KEPT_BY_THEIR_PAGE = {"programme.projectplanpart"}


@dataclass(frozen=True)
class TextKind:
    """One text of one model. `key` names it in addresses: programme.theme.slogan."""

    model: type[models.Model]
    field: str

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"

    @property
    def label(self) -> str:
        name = str(
            MODEL_NAMES.get(self.model._meta.label_lower, self.model._meta.verbose_name_plural)
        ).capitalize()
        if self.field == "name":
            return name
        return f"{name}: {FIELD_NAMES.get(self.field, self.field.replace('_', ' '))}"

    @property
    def columns(self) -> list[str]:
        return [f"{self.field}_{code}" for code in LANGUAGES]

    def rows(self, programme: Programme, *, without: str = "") -> QuerySet:
        """Rows of the programme that say something; `without` a language, those that say nothing in it."""
        owner = {"pk": programme.pk} if self.model is Programme else {"programme": programme}
        empty = Q(**{column: "" for column in self.columns})
        rows = self.model._base_manager.filter(**owner).exclude(empty).order_by("pk")
        return rows.filter(**{f"{self.field}_{without}": ""}) if without else rows


@dataclass(frozen=True)
class Count:
    """A kind of text with how many rows say something, and how many of them in each language."""

    kind: TextKind
    total: int
    written: dict[str, int]

    def missing(self, language: str) -> int:
        return self.total - self.written[language]


@cache
def kinds() -> tuple[TextKind, ...]:
    """Every text of the programmes, in the order of apps and models."""
    found = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        if hasattr(model, "pgh_tracked_model") or not ("programme" in names or model is Programme):
            continue
        if model._meta.label_lower in KEPT_BY_THEIR_PAGE:
            continue
        for field in model._meta.concrete_fields:
            stem = field.name.removesuffix("_fi")
            if field.name.endswith("_fi") and {f"{stem}_sv", f"{stem}_en"} <= names:
                found.append(TextKind(model, stem))
    return tuple(found)


def kind_of(key: str) -> TextKind | None:
    return next((kind for kind in kinds() if kind.key == key), None)


def counts(programme: Programme) -> list[Count]:
    """All kinds that the programme has texts of. One statement."""
    parts, params = [], []
    for kind in kinds():
        quote = connection.ops.quote_name
        fi, sv, en = (quote(column) for column in kind.columns)
        owner = "id" if kind.model is Programme else "programme_id"
        parts.append(
            f"SELECT '{kind.key}', count(*), count(*) FILTER (WHERE {fi} <> ''), count(*) FILTER (WHERE {sv} <> ''),"
            f" count(*) FILTER (WHERE {en} <> '') FROM {quote(kind.model._meta.db_table)}"
            f" WHERE {owner} = %s AND ({fi} <> '' OR {sv} <> '' OR {en} <> '')"
        )
        params.append(programme.pk)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        rows = {key: (total, written) for key, total, *written in cursor.fetchall()}
    return [
        Count(kind, rows[kind.key][0], dict(zip(LANGUAGES, rows[kind.key][1], strict=True)))
        for kind in kinds()
        if rows[kind.key][0]
    ]


class TextForm(RowForm):
    """Many stand on one page, so each has ids of its own."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.auto_id = f"text-{self.instance.pk}-%s"


def form_of(kind: TextKind) -> type[RowForm]:
    """The form of one text in its three languages."""
    columns = kind.columns
    widgets = {column: _area() for column in columns}
    meta = type("Meta", (), {"model": kind.model, "fields": columns, "widgets": widgets})
    return type("OwnTextForm", (TextForm,), {"Meta": meta, "text_labels": {kind.field: kind.label}})


def _area() -> Any:
    return forms.Textarea(attrs={"rows": 2})
