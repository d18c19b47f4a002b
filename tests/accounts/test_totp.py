"""Codes of the half minute, by the published vectors of RFC 4226 and RFC 6238."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.accounts.sign_in import devices, totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "code"),
    [
        (0, "755224"),
        (1, "287082"),
        (2, "359152"),
        (3, "969429"),
        (4, "338314"),
        (5, "254676"),
        (6, "287922"),
        (7, "162583"),
        (8, "399871"),
        (9, "520489"),
    ],
)
def test_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert totp.code_at(SECRET, counter) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert totp.code_at(SECRET, totp.step_at(seconds), digits=8) == code


@given(now=st.integers(1, 2**40), off=st.integers(-5, 5))
def test_a_phone_may_be_one_half_minute_off_and_no_more(now: int, off: int) -> None:
    """Codes of neighbouring steps may agree by chance: then it is a code of one within reach."""
    found = totp.matching_step(SECRET, totp.code_at(SECRET, max(now + off, 0)), now)
    if abs(off) <= totp.LEEWAY:
        assert found is not None
    if found is not None:
        assert abs(found - now) <= totp.LEEWAY


@pytest.mark.parametrize("odd", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000\x00"])
def test_what_is_no_code_matches_nothing(odd: str) -> None:
    assert totp.matching_step(SECRET, odd, 1) is None


def test_an_app_is_told_all_it_needs() -> None:
    parts = urlsplit(totp.address(SECRET, who="a.b@example.org", site="Bridgehead North & Co"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Bridgehead%20North%20%26%20Co:a.b@example.org"
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["Bridgehead North & Co"],
        "digits": ["6"],
        "period": ["30"],
    }


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            "like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox on Linux"),
        ("<script>", "A browser on an unknown device"),
        ("", "A browser on an unknown device"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert devices.in_words(agent) == words
