"""Colours of a county: contrast, the nearest colour that passes, and the shades of one accent.

Plain functions on colours written as #rrggbb; no Django. The surfaces are those of static/css/tokens.css,
which a test compares.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

#: Least contrast of text (WCAG 2.2, 1.4.3) and of shapes that carry a meaning (1.4.11).
TEXT, SHAPE = 4.5, 3.0

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEPS = 100


class NotAColour(ValueError):
    """What was written is not #rgb or #rrggbb."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The surfaces that an accent stands on, and the text that stands on the accent."""

    name: str
    surface: str
    sunken: str
    on_accent: str

    @property
    def against(self) -> dict[str, str]:
        return {"surface": self.surface, "sunken": self.sunken, "on_accent": self.on_accent}


LIGHT = Scheme("light", "#ffffff", "#f5f3ef", "#ffffff")
DARK = Scheme("dark", "#12181a", "#1c2427", "#08222a")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a colour stands in a scheme: its least contrast, against what, and the nearest that passes."""

    colour: str
    against: str
    ratio: float
    nearest: str

    @property
    def passes(self) -> bool:
        return self.ratio >= TEXT


def normal(text: str) -> str:
    """#rrggbb in small letters. Raises NotAColour."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        raise NotAColour(text)
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def _parts(colour: str) -> tuple[float, float, float]:
    digits = normal(colour)[1:]
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * min(max(part, 0), 1)):02x}" for part in parts)


def luminance(colour: str) -> float:
    """Relative luminance from 0 (black) to 1 (white), as WCAG defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Ratio from 1 to 21; the order does not matter."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, into: str, share: float) -> str:
    """`share` (0..1) of the colour, the rest of the other."""
    return _written(
        tuple(share * a + (1 - share) * b for a, b in zip(_parts(colour), _parts(into), strict=True))  # type: ignore[arg-type]
    )


def _least(colour: str, scheme: Scheme) -> tuple[float, str]:
    return min((contrast(colour, other), name) for name, other in scheme.against.items())


def nearest_passing(colour: str, scheme: Scheme) -> str:
    """The colour of the same hue and the nearest lightness that passes in the scheme; itself when it does."""
    colour = normal(colour)
    if _least(colour, scheme)[0] >= TEXT:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    tried = (
        (abs(step / _STEPS - lightness), _written(colorsys.hls_to_rgb(hue, step / _STEPS, saturation)))
        for step in range(_STEPS + 1)
    )
    return min((far, shade) for far, shade in tried if _least(shade, scheme)[0] >= TEXT)[1]


def judged(colour: str, scheme: Scheme) -> Verdict:
    """The verdict on an accent; raises NotAColour."""
    colour = normal(colour)
    ratio, against = _least(colour, scheme)
    return Verdict(colour, against, ratio, nearest_passing(colour, scheme))


def shades(accent: str, scheme: Scheme) -> dict[str, str]:
    """The accent tokens of a scheme: the accent made to pass, its hover, and three paler steps."""
    accent = nearest_passing(accent, scheme)
    away = "#000000" if scheme is LIGHT else "#ffffff"
    return {
        "accent": accent,
        "accent-hover": mixed(accent, away, 0.7),
        "on-accent": scheme.on_accent,
        "accent-2": _shape(accent, scheme),
        "accent-3": mixed(accent, scheme.surface, 0.36),
        "accent-4": mixed(accent, scheme.surface, 0.11 if scheme is LIGHT else 0.2),
        "focus": accent,
    }


def _shape(accent: str, scheme: Scheme) -> str:
    """A softer accent for bars and lines, as soft as 3:1 allows."""
    for share in (0.75, 0.85, 0.95):
        soft = mixed(accent, scheme.surface, share)
        if contrast(soft, scheme.surface) >= SHAPE:
            return soft
    return accent


def theme_css(accent: str) -> str:
    """The style sheet of a county: its accent in both schemes, nothing else."""

    def block(scheme: Scheme) -> str:
        return (
            ":root{" + "".join(f"--{name}:{value};" for name, value in shades(accent, scheme).items()) + "}"
        )

    return f"{block(LIGHT)}\n@media screen and (prefers-color-scheme:dark){{{block(DARK)}}}\n"
