"""What other parts of the portal are told of change requests when the app is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.talk.topics import talk_allowed
from programme.governance.joined import register
from programme.projects.changes import notices, selectors
from programme.projects.changes.notices import address_of

register(
    "programme.ChangeRequest", title=_("Change requests"), action="project.view",
    words=lambda row: f"{row.project.name}: {row.subject}", url=address_of, related=("project", "programme"),
)  # fmt: skip
talk_allowed("programme.changerequest", word=_("change request"), follow_url=address_of)

__all__ = ["notices", "selectors"]
