"""Projects: their plans, milestones and the undertakings beside the programme."""
