"""Governance as it runs: bodies with their seats, duties kept or missed, meetings, decisions, actions, the calendar."""
