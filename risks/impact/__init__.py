"""Effects of the programme and of its measures: areas, groups, promises, closings, hearings, analyses."""
