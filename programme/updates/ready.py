"""What lights, monthly updates and deviations register when the app is ready."""

from programme.deviations import notices, own
from programme.projects.lights import parts, pushed
from programme.updates import days, reminding, waiting

__all__ = ["days", "notices", "own", "parts", "pushed", "reminding", "waiting"]
