"""Cost drivers that go (R10, R17); adding and changing one is a form of its own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from measures.models import CostDriver
from measures.services.common import CHANGED, because, refuse


@retrying
def remove_driver(*, driver: CostDriver, by: Any, reason: str, version: int | None = None) -> None:
    """Takes a driver away; why is kept in the history. `version` is that of the row as the person saw it."""
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        rows = CostDriver.objects.filter(pk=driver.pk)
        held = rows.select_for_update().values_list("version", flat=True).first()
        if held is not None and version is not None and held != version:
            refuse(CHANGED, _("Somebody changed this meanwhile. Look at it again."))
        rows.delete()
