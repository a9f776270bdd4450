"""What people at work propose as measures, what came of it, and the pages on which staff read and talk."""
