"""The sectors' books as files: how they are read, understood, shown and stored (money.md R3, R10, R18 to R20)."""
