"""Illustrative rows by subject, written with the illustrative measures (measures.portfolio) and marked so."""
