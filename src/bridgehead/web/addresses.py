"""Addresses that a page holds by the thousand, without asking Django two thousand times."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

_STAND_IN = 987654


def school_page(urn: int) -> str:
    """The address of a school's page: what ``reverse`` would say."""
    before, after = around_urn()
    return f"{before}{urn}{after}"


def around_urn() -> tuple[str, str]:
    """What stands before and after the URN in the address of a school's page."""
    return _around(get_script_prefix())


@lru_cache(maxsize=4)
def _around(prefix: str) -> tuple[str, str]:
    """What stands before and after the URN, below this prefix of the site."""
    before, after = reverse("desk:school", args=[_STAND_IN]).split(str(_STAND_IN))
    return before, after
