"""What is seen of a colour: how light it is, how it stands out, and what is left of it where it is half transparent."""

from __future__ import annotations

import re

RGB = re.compile(r"rgb\((\d+), (\d+), (\d+)\)")


def _parts(colour: str) -> tuple[float, float, float]:
    if found := RGB.fullmatch(colour):
        red, green, blue = (int(part) / 255 for part in found.groups())
    else:
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" in 0..1 (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """CIE L* in 0..100: how light a colour looks once it is printed grey."""
    return float(116 * luminance(colour) ** (1 / 3) - 16)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(colour: str, page: str, opacity: float) -> str:
    """A colour of some opacity as it looks on a page."""
    mixed = (opacity * c + (1 - opacity) * p for c, p in zip(_parts(colour), _parts(page), strict=True))
    return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)
