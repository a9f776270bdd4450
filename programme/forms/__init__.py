"""Forms of the programme's own rows, a module for each noun."""
