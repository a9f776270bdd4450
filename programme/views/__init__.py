"""Pages of the programme app, a module for each noun."""
