"""The schedule drawn on a time line, and the table that says the same."""
