from programme.models.access import Role, RoleGrant
from programme.models.projects import LinkedInitiative, Project
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

__all__ = [
    "CostType",
    "Goal",
    "LinkedInitiative",
    "Organisation",
    "OrganisationUnit",
    "Programme",
    "Project",
    "Role",
    "RoleGrant",
    "Sector",
    "Segment",
    "Target",
    "Theme",
]
