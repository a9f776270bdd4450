"""Illustrative rows of projects and their governance, written in demo mode only."""
