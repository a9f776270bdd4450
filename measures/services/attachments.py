"""Evidence beside measures, their lines and claims: who may add and take away, and until when."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from core import attachments
from core.attachments import REFUSALS, allow, drop
from core.models import Attachment
from measures.models import SavingsEntry

allow("measures.measure")
allow("measures.savingsline")
allow("measures.savingsentry", lambda claim: claim.line)

attach = attachments.attach


def remove_evidence(*, attachment: Attachment, by: Any) -> None:
    """Takes away a file of one's own; what a claim was decided on stays."""
    if attachment.created_by_id != getattr(by, "pk", None):
        raise ValidationError(REFUSALS["not_yours"], code="not_yours")
    about = attachment.about
    if isinstance(about, SavingsEntry) and about.decided_eur_cents is not None:
        raise ValidationError(REFUSALS["decided"], code="decided")
    drop(attachment=attachment, by=by)
