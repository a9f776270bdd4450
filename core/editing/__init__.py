"""Forms that lose nothing: merged edits, conflicts shown, drafts kept, double submits answered once."""

from core.editing.forms import RowForm
from core.editing.pages import add_page, edit_page, edit_part
from core.editing.saving import Conflict, Saved, save_edit, save_new
from core.editing.tokens import submitted_once

__all__ = [
    "Conflict",
    "RowForm",
    "Saved",
    "add_page",
    "edit_page",
    "edit_part",
    "save_edit",
    "save_new",
    "submitted_once",
]
