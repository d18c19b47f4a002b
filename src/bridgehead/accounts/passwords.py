"""Which passwords are too easy to guess, beside those of Django's list of 20,000 common ones.

That list holds few of twelve characters or more. People make a short word long enough by writing it
twice, two together, or figures and signs around it, and so do those who guess. So what a password
is made of is looked at too. No kind of character is asked for or forbidden.
"""

import re
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from bridgehead.accounts.models import User

#: What somebody who knows this site would try first. A password may hold such words beside others.
OUR_WORDS = frozenset(
    {
        "academy",
        "admin",
        "administrator",
        "authority",
        "bridgehead",
        "broker",
        "chair",
        "cluster",
        "college",
        "council",
        "county",
        "diocese",
        "director",
        "education",
        "governor",
        "governors",
        "head",
        "headteacher",
        "learning",
        "office",
        "officer",
        "ofsted",
        "partnership",
        "password",
        "primary",
        "pupil",
        "pupils",
        "review",
        "school",
        "schools",
        "secondary",
        "support",
        "supporters",
        "teacher",
        "teachers",
        "trust",
        "welcome",
    }
)
#: So many ordinary words are too few, whatever figures and signs stand between them.
FEW = 2
#: Fewer different characters than these are one key held down.
DIFFERENT = 5
_LETTERS = re.compile(r"[^\W\d_]+")

TOO_EASY = (
    "This password is too easy to guess: it is made of one or two common words, or of the words of "
    "this site. Choose three words that nobody would guess together."
)


class EasyPasswordValidator:
    """Refuses passwords of few different characters, of one or two common words, and of nothing but
    the words of this site."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ``ValidationError`` for a password that is too easy."""
        if is_easy(password):
            raise ValidationError(TOO_EASY, code="password_too_easy")

    def get_help_text(self) -> str:
        """What Django shows where it lists the rules."""
        return "Not one or two common words."


def is_easy(password: str) -> bool:
    """Whether a password is among the first that somebody would try."""
    if len(set(password)) < DIFFERENT:
        return True
    words = "".join(_LETTERS.findall(password.lower()))
    return bool(words) and (_made_of(words, _common() | OUR_WORDS, FEW) or _made_of_ours(words))


def _made_of(letters: str, words: frozenset[str], most: int) -> bool:
    """Whether these letters are at most so many of the words, one after the other."""
    if letters in words:
        return True
    return most > 1 and any(
        letters[:n] in words and _made_of(letters[n:], words, most - 1)
        for n in range(1, len(letters))
    )


def _made_of_ours(letters: str) -> bool:
    """Whether these letters are nothing but our own words; in steps, each end looked at once."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[begin:end] in OUR_WORDS for begin in ends):
            ends.add(end)
    return len(letters) in ends


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
