"""Values that do not come from Sotkanet: entered, surveyed, brought in a file, derived from others, judged."""
