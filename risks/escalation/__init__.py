"""How obstacles go up until somebody decides: levels with clocks, the weekly list, and how long answers take."""
