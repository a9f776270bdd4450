"""Illustrative rows of indicators, written for the demo only and marked so."""
