"""Changes of savings: months, confirmations, overlaps, withdrawal and closed books (money.md R3 to R9).

Each service is one transaction, checks what one row cannot, and is tried again when the database
refused it only because two people wrote at once.
"""

from measures.services.books import close_month, reopen_month
from measures.services.claims import confirm_claim, withdraw_confirmation
from measures.services.common import CHANGED, SavingsError, lock_lines
from measures.services.drafts import (
    as_deleted,
    delete_draft,
    deleted_event,
    next_code,
    restore_draft,
    why_kept,
)
from measures.services.lines import has_confirmations, overlaps_of_line, remove_line, state_of, what_is_lost
from measures.services.months import (
    Cell,
    CellsRefused,
    Problem,
    lock_plan,
    record_entries,
    record_entry,
)
from measures.services.overlaps import declare_overlap, withdraw_measure
from measures.services.stages import change_stage, check_stage, needs_reason

__all__ = [
    "CHANGED",
    "Cell",
    "CellsRefused",
    "Problem",
    "SavingsError",
    "as_deleted",
    "change_stage",
    "check_stage",
    "close_month",
    "confirm_claim",
    "declare_overlap",
    "delete_draft",
    "deleted_event",
    "has_confirmations",
    "lock_lines",
    "lock_plan",
    "needs_reason",
    "next_code",
    "overlaps_of_line",
    "record_entries",
    "record_entry",
    "remove_line",
    "reopen_month",
    "restore_draft",
    "state_of",
    "what_is_lost",
    "why_kept",
    "withdraw_confirmation",
    "withdraw_measure",
]
