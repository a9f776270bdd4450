"""Pages of indicators, one module for each."""
