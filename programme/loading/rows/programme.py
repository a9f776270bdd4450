"""The organisation and the programme itself."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify

from programme.loading.format import (
    ProgrammeFile,
)
from programme.loading.plan import LANGUAGES, Plan
from programme.loading.problems import Path
from programme.loading.rows.names import (
    ORGANISATION,
    PROGRAMME,
    in_words,
)
from programme.loading.values import Words

SPEARHEAD = {
    "fi": "strategiakärki", "sv": "strategiskt spetsområde", "en": "strategic spearhead",
    "fi_plural": "strategiakärjet", "sv_plural": "strategiska spetsområden", "en_plural": "strategic spearheads",
}  # fmt: skip


def build_programme(document: ProgrammeFile, plan: Plan) -> None:
    organisation, facts = document.organisation, document.programme
    name = plan.texts("name", organisation.name)
    key = organisation.key or slugify(next(filter(None, name.values())))[:60]
    owner = plan.add(
        ORGANISATION, key, ("organisation",),
        {
            **name, "key": key, "abbreviation": organisation.abbreviation or "",
            "predecessor": organisation.predecessor or "", "municipalities": organisation.municipalities,
            "inhabitants": organisation.inhabitants,
        },
    )  # fmt: skip
    base = facts.baseline_for_savings or (document.savings.comparison_base if document.savings else None)
    horizon = facts.long_term_period.end if facts.long_term_period else facts.vision_by
    source = document.source
    plan.add(
        PROGRAMME, document.key, ("programme",),
        {
            **plan.texts("name", facts.name), "slug": document.slug or document.key[:60].strip("-"),
            "file_key": document.key, "organisation": owner, "kind": facts.kind or _kind(document),
            "basis": facts.basis, "start_year": facts.period.start, "end_year": facts.period.end,
            "horizon_year": horizon,
            "base_year": facts.base_year or (facts.period.start if base or document.savings else None),
            **plan.texts("comparison_base", base), **plan.texts("purpose", facts.purpose),
            "words": _words(document, plan), "document": _document(document, plan), "language": document.language,
            "source_title": (source and (source.title_fi or source.title_sv or source.title_en)) or "",
            "source_version": (source and source.version) or "", "source_kind": (source and source.kind) or "",
            "approval_body": facts.approval.body if facts.approval else "",
            "approval_planned_on": facts.approval.planned_date if facts.approval else None,
            "approved_on": facts.approval.date if facts.approval else None,
            "measures_identified_at_least": facts.measures_identified_at_least,
        },
        identity=("file_key",),
    )  # fmt: skip
    if horizon is not None and horizon < facts.period.end:
        plan.problem(("programme", "vision_by"), "the vision ends before the programme")


def _kind(document: ProgrammeFile) -> str:
    return "strategy_implementation" if document.vision or document.spearheads else "productivity"


def _said(text: Words | None) -> dict[str, str]:
    """A text as {language: text}, for JSON."""
    return {code: getattr(text, code) for code in LANGUAGES if getattr(text, code, None)}


def _words(document: ProgrammeFile, plan: Plan) -> dict[str, Any]:
    words: dict[str, Any] = {"theme": dict(SPEARHEAD)} if document.spearheads else {}
    for key, word in document.words.items():
        words[key] = {**words.get(key, {}), **word.model_dump(exclude_none=True)}
    if document.stages:
        words["stages"] = [{"key": s.key, "meaning": s.meaning, **_said(s)} for s in document.stages]
        _once(plan, ("stages",), [stage.key for stage in document.stages])
    columns = document.savings.columns if document.savings else []
    if columns:
        words["columns"] = {c.role: {"key": c.key, **_said(c)} for c in columns if c.role}
    return words


def _once(plan: Plan, path: Path, keys: list[str]) -> None:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            plan.problem((*path, index, "key"), f"key {key!r} is used twice")


def _document(document: ProgrammeFile, plan: Plan) -> dict[str, Any]:
    """Scalars of the file that no table holds: pages of sections, headings, the like."""
    facts, savings, monitoring = document.programme, document.savings, document.monitoring
    pages: dict[str, Any] = {
        "baseline_for_savings": facts.baseline_for_savings.page if facts.baseline_for_savings else None,
        "savings": savings.page if savings else None,
        "monitoring": monitoring.page if monitoring else None,
        "governance": document.governance.pages if document.governance else None,
    }
    found: dict[str, Any] = {
        "pages": {name: page for name, page in pages.items() if page},
        "metrics_are_preliminary": monitoring.metrics_are_preliminary if monitoring else None,
        "savings_sign": savings.sign if savings else None,
        "savings_comparison_base": in_words(savings.comparison_base, plan) if savings else None,
        "roadmap_months": document.roadmap.months if document.roadmap else None,
        "operating_system_in_full_use_by": facts.operating_system_in_full_use_by,
        "long_term_period": facts.long_term_period.model_dump() if facts.long_term_period else None,
        "baseline_titles": {n: in_words(g.title, plan) for n, g in document.baseline.items() if g.title},
        "baseline_groups": list(document.baseline),
    }
    return {name: value for name, value in found.items() if value not in (None, {}, [])}
