from risks.models.checks import ImpactAssessment, PromiseCheck, RiskCheck
from risks.models.escalation import EscalationLevel, ObstacleStep, WeeklyList
from risks.models.impact import (
    AffectedGroup,
    ClosureAssessment,
    GroupEffect,
    ImpactWatch,
    ProductionAnalysis,
    StaffHearing,
)
from risks.models.register import (
    ImpactArea,
    ImpactStatement,
    LevelFactor,
    Mitigation,
    MitigationQuerySet,
    MitigationReference,
    Obstacle,
    Promise,
    Risk,
    RiskAssessment,
    RiskExample,
)

__all__ = [
    "AffectedGroup",
    "ClosureAssessment",
    "EscalationLevel",
    "GroupEffect",
    "ImpactArea",
    "ImpactAssessment",
    "ImpactStatement",
    "ImpactWatch",
    "LevelFactor",
    "Mitigation",
    "MitigationQuerySet",
    "MitigationReference",
    "Obstacle",
    "ObstacleStep",
    "ProductionAnalysis",
    "Promise",
    "PromiseCheck",
    "Risk",
    "RiskAssessment",
    "RiskCheck",
    "RiskExample",
    "StaffHearing",
    "WeeklyList",
]
