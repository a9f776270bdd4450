"""Changes of savings: months, confirmations, overlaps, withdrawal and closed books (money.md R3 to R9).

Each service is one transaction, checks what one row cannot, and is tried again when the database
refused it only because two people wrote at once.
"""

from measures.services.books import (
    close_month,
    lock_books,
    lock_year,
    locked_years,
    reopen_month,
    unlock_year,
)
from measures.services.claims import (
    Part,
    confirm_claim,
    decide_claim,
    decide_claims,
    withdraw_confirmation,
    withdraw_decision,
)
from measures.services.common import CHANGED, SavingsError, lock_lines
from measures.services.corrections import first_open_month, record_correction
from measures.services.drafts import (
    as_deleted,
    delete_draft,
    deleted_event,
    next_code,
    restore_draft,
    why_kept,
)
from measures.services.drivers import remove_driver
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
from measures.services.stages import change_stage, check_stage, locked_measures, needs_reason
from measures.services.transfers import TransferPart, make_transfer, remove_transfer

__all__ = [
    "CHANGED",
    "Cell",
    "CellsRefused",
    "Part",
    "Problem",
    "SavingsError",
    "TransferPart",
    "as_deleted",
    "change_stage",
    "check_stage",
    "close_month",
    "confirm_claim",
    "decide_claim",
    "decide_claims",
    "declare_overlap",
    "delete_draft",
    "deleted_event",
    "first_open_month",
    "has_confirmations",
    "lock_books",
    "lock_lines",
    "lock_plan",
    "lock_year",
    "locked_measures",
    "locked_years",
    "make_transfer",
    "needs_reason",
    "next_code",
    "overlaps_of_line",
    "record_correction",
    "record_entries",
    "record_entry",
    "remove_driver",
    "remove_line",
    "remove_transfer",
    "reopen_month",
    "restore_draft",
    "state_of",
    "what_is_lost",
    "why_kept",
    "unlock_year",
    "withdraw_confirmation",
    "withdraw_decision",
    "withdraw_measure",
]
