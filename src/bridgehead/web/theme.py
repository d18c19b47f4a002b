"""A partnership's own two colours, as a style sheet of custom properties.

Served from its own address, since pages carry no inline style. Colours that would be too pale to
read on white are refused.
"""

import re
from dataclasses import dataclass

#: WCAG 2.2, 1.4.3: text of ordinary size against its background.
LEAST_CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Colours:
    """Two colours as ``#rrggbb``: the brand's, and the accent of the reader's own school."""

    brand: str = "#0b5a57"
    accent: str = "#b33d0a"

    def __post_init__(self) -> None:
        for name, colour in (("brand", self.brand), ("accent", self.accent)):
            if not _COLOUR.fullmatch(colour):
                raise ValueError(
                    f"The {name} colour {colour!r} is not a colour: write it like #0b5a57."
                )
            if contrast(colour, "#ffffff") < LEAST_CONTRAST:
                raise ValueError(
                    f"The {name} colour {colour} is too pale to read on white: its contrast is"
                    f" {contrast(colour, '#ffffff'):.1f} to 1, and {LEAST_CONTRAST} is needed."
                )


def stylesheet(colours: Colours) -> str:
    """The CSS of a partnership's colours."""
    return (
        f":root{{--bh-brand:{colours.brand};--bh-accent:{colours.accent};"
        f"--govuk-brand-colour:{colours.brand};--govuk-link-colour:{colours.brand};"
        f"--govuk-link-visited-colour:{colours.brand}}}\n"
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 (black) to 1 (white)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
