"""The month grid: savings lines and series as rows, months as columns, every cell with a version of its own."""
