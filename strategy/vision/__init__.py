"""The long view: themes of the vision with their indicators, main lines, balancing."""
