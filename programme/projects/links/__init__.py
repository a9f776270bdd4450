"""Who waits for whom among milestones and projects, and who is warned when something is late."""
