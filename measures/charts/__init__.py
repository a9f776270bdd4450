"""Figures about savings: rows in, chart specification out. One file for each subject."""
