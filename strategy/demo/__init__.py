"""Illustrative rows of the long view, marked so in their words; written once."""
