from programme.models.access import Role, RoleGrant
from programme.models.base import Direction
from programme.models.decisions import Decision, Deviation
from programme.models.deficit import DeficitPath, YearResult
from programme.models.facts import BaselineFact, PeerComparison, Statement, StatementGoal
from programme.models.funding import Allocation, AllocationGoal, FundingRelease, FundingSource
from programme.models.governance import (
    Body,
    DutyRecipient,
    Perspective,
    PerspectiveTask,
    ReportingDuty,
    StrategyDocument,
)
from programme.models.loading import LoadedRow
from programme.models.projects import (
    ChangeElement,
    LinkedInitiative,
    Milestone,
    PhaseQuestion,
    PlanPart,
    Project,
    ProjectPhase,
    ProjectPlanPart,
)
from programme.models.structure import (
    CostType,
    Goal,
    Organisation,
    OrganisationUnit,
    Programme,
    Sector,
    Segment,
    Theme,
)
from programme.models.targets import Target
from programme.models.timeline import PreparationWorkshop, RoadmapActivity, RoadmapPart

__all__ = [
    "Allocation",
    "AllocationGoal",
    "BaselineFact",
    "Body",
    "ChangeElement",
    "CostType",
    "Decision",
    "DeficitPath",
    "Deviation",
    "Direction",
    "DutyRecipient",
    "FundingRelease",
    "FundingSource",
    "Goal",
    "LinkedInitiative",
    "LoadedRow",
    "Milestone",
    "Organisation",
    "OrganisationUnit",
    "PeerComparison",
    "Perspective",
    "PerspectiveTask",
    "PhaseQuestion",
    "PlanPart",
    "PreparationWorkshop",
    "Programme",
    "Project",
    "ProjectPhase",
    "ProjectPlanPart",
    "ReportingDuty",
    "RoadmapActivity",
    "RoadmapPart",
    "Role",
    "RoleGrant",
    "Sector",
    "Segment",
    "Statement",
    "StatementGoal",
    "StrategyDocument",
    "Target",
    "Theme",
    "YearResult",
]
