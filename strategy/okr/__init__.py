"""Development seasons: units set objectives with key results, check in on them, close and learn."""
