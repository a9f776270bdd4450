"""Files of values: read by a mapping that is kept, shown, and taken over by somebody else in one transaction."""
