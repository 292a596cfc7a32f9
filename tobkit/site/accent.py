"""A team's accent colour, made to be readable on both grounds."""

GROUNDS = ("#fdfdfe", "#101317")
"""The light and the dark ground of the theme."""

ENOUGH = 7.0
"""The contrast that text keeps (WCAG 2.2, level AAA)."""


def accents(colour: str) -> tuple[str, str]:
    """The accent for the light and the dark theme: the colour itself where it is readable, else a darker or lighter one."""
    light, dark = (readable(colour, ground) for ground in GROUNDS)
    return light, dark


def readable(colour: str, ground: str) -> str:
    """The nearest mix of a colour with black or white that has enough contrast with a ground (both as `#rrggbb`)."""
    end = 0 if luminance(ground) > 0.5 else 255
    channels = parts(colour)
    for step in range(101):
        mixed = tuple(round(value + (end - value) * step / 100) for value in channels)
        shown = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(shown, ground) >= ENOUGH:
            return shown
    return "#000000" if end == 0 else "#ffffff"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in parts(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
