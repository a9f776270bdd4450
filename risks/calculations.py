"""What a risk level means. A level is likelihood x impact, both from 1 to 5."""

MODERATE_FROM = 8
HIGH_FROM = 15


def tone_of(level: int | None) -> str:
    """Status kind of a level from 1 to 25: ok, warn, bad; none when nobody has assessed the risk."""
    if not level:
        return "none"
    if level >= HIGH_FROM:
        return "bad"
    return "warn" if level >= MODERATE_FROM else "ok"
