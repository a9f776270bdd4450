"""Pages of the sectors' books: months, files, rows, cost drivers, transfers, corrections."""
