"""Pages of the long view, a module for each subject."""
