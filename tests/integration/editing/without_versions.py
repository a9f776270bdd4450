"""The portal with its version conditions taken out on purpose: the checker of lost edits must find that.

Only tests start it: `granian ... tests.integration.editing.without_versions:application`.
"""

from django.db.models import Q

from config.wsgi import application
from core.editing import saving
from measures.services import months

saving.unchanged_since = lambda version: Q()  # type: ignore[assignment]
months.VERSION_HOLDS = "true"

__all__ = ["application"]
