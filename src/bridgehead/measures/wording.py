"""How numbers are written: a true minus sign, halves rounded away from zero, no minus zero."""

from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "\N{MINUS SIGN}"
#: Digits enough for any float, so that no figure is too large to be written.
_EXACT = Context(prec=400)
_DIFFERENCE_UNIT = {
    "percent": ("percentage point", "percentage points"),
    "points": ("point", "points"),
    "score": ("scaled score point", "scaled score points"),
    "pupils": ("pupil", "pupils"),
    "per 100 pupils": ("per 100 pupils", "per 100 pupils"),
}


def bare(value: float, decimals: int) -> str:
    """``-1204.25`` with one decimal → ``−1,204.3``. Plus signs are not written."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP, _EXACT)
    digits = f"{abs(rounded):,}"
    return f"{MINUS}{digits}" if rounded < 0 else digits


def signed(value: float, decimals: int) -> str:
    """As ``bare``, with a plus sign where the rounded value is above zero."""
    text = bare(value, decimals)
    is_zero = not text.strip("0.,")
    return text if is_zero or text.startswith(MINUS) else f"+{text}"


def with_unit(text: str, unit: str) -> str:
    """``+3``, ``percent`` → ``+3 percentage points``; ``+1`` takes the singular."""
    singular, plural = _DIFFERENCE_UNIT[unit]
    return f"{text} {singular if text.strip('+' + MINUS) == '1' else plural}"
