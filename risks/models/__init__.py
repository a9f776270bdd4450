from risks.models.checks import ImpactAssessment, PromiseCheck, RiskCheck
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
    "ImpactArea",
    "ImpactAssessment",
    "ImpactStatement",
    "LevelFactor",
    "Mitigation",
    "MitigationQuerySet",
    "MitigationReference",
    "Obstacle",
    "Promise",
    "PromiseCheck",
    "Risk",
    "RiskAssessment",
    "RiskCheck",
    "RiskExample",
]
