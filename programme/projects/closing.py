"""What a project that is about to end leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from programme.models import Milestone, Project
from programme.projects.wording import joined


@dataclass(frozen=True)
class LeftOpen:
    """Milestones without the day on which they came, and how many lessons are written."""

    milestones: list[Milestone]
    lessons: int

    @property
    def words(self) -> list[str]:
        """What should be done first, in sentences; empty when nothing is left."""
        found = []
        if self.milestones:
            names = joined([row.name for row in self.milestones])
            found.append(_("These milestones are not done: %(names)s.") % {"names": names})
        if not self.lessons:
            found.append(_("No lessons learned are written yet."))
        return found


def left_open(project: Project) -> LeftOpen:
    """Two statements."""
    return LeftOpen(list(project.milestones.filter(actual_on=None)), project.lessons.count())
