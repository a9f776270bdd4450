"""An app that only worker tests install: a job that takes its time."""
