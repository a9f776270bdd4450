"""Changes of savings: months, confirmations, overlaps, withdrawal and closed books (money.md R3 to R9).

Each service is one transaction, checks what one row cannot, and is tried again when the database
refused it only because two people wrote at once.
"""

from measures.services.books import close_month, reopen_month
from measures.services.claims import confirm_claim, withdraw_confirmation
from measures.services.common import SavingsError, lock_lines
from measures.services.months import (
    Cell,
    CellsRefused,
    Problem,
    lock_plan,
    record_entries,
    record_entry,
)
from measures.services.overlaps import declare_overlap, withdraw_measure

__all__ = [
    "Cell",
    "CellsRefused",
    "Problem",
    "SavingsError",
    "close_month",
    "confirm_claim",
    "declare_overlap",
    "lock_lines",
    "lock_plan",
    "record_entries",
    "record_entry",
    "reopen_month",
    "withdraw_confirmation",
    "withdraw_measure",
]
