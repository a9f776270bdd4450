"""The rows of the programme app that a programme file makes, in the order in which rows need each other."""

from __future__ import annotations

from programme.loading.format import ProgrammeFile
from programme.loading.plan import Plan
from programme.loading.rows.baseline import build_baseline
from programme.loading.rows.delivery import build_preparation, build_projects, build_roadmap
from programme.loading.rows.funding import build_funding
from programme.loading.rows.governance import build_bodies, build_documents, build_reporting
from programme.loading.rows.programme import build_programme
from programme.loading.rows.statements import build_statements
from programme.loading.rows.structure import build_cost_types, build_sectors, build_themes_and_goals
from programme.loading.rows.targets import build_targets

BUILDERS = (
    build_programme,
    build_themes_and_goals,
    build_sectors,
    build_cost_types,
    build_bodies,
    build_documents,
    build_targets,
    build_funding,
    build_reporting,
    build_roadmap,
    build_preparation,
    build_projects,
    build_baseline,
    build_statements,
)


def build(document: ProgrammeFile, plan: Plan) -> None:
    """Plans every row of the programme app."""
    for builder in BUILDERS:
        builder(document, plan)
