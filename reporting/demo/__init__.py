"""Illustrative rows of several apps, for demonstration only."""
