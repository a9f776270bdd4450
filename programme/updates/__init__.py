"""The monthly update of a project: the month that is due, who is asked, what is given."""
