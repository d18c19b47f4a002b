"""Which passwords may be chosen: long ones of any kind, and none that many would guess first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.accounts.forms import FirstPasswordForm, PasswordForm, SignInForm
from bridgehead.accounts.models import User
from bridgehead.accounts.passwords import OUR_WORDS, is_easy
from tests.cast import PASSWORD, Site

HELEN = User(email="helen.okafor@example.org", name="Helen Okafor")
EASY = (
    "passwordpassword",
    "password1234!!",
    "Winter2026!!",
    "bridgehead2026",
    "Bridgehead-Partnership",
    "ofsted-school-governor-2026",
    "monkey.dragon.1",
    "aaaaaaaaaaaa",
    "121212121212",
    "qwertyuiop123456",
)
GOOD = (
    "correct-horse-battery",
    "seventeen quiet otters",
    "three schools sing softly",
    "ουρανός-θάλασσα-πέτρα",
    "847261950384",
    "purple zebra 93 kettle",
)


@pytest.mark.parametrize("word", EASY)
def test_what_many_would_guess_is_refused(word: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(word, HELEN)


@pytest.mark.parametrize("word", GOOD)
def test_any_kind_of_character_will_do(word: str) -> None:
    validate_password(word, HELEN)


@pytest.mark.parametrize("word", ["eleven char", "helen.okafor@example.org", "helen okafor"])
def test_short_ones_and_ones_own_name_are_refused(word: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(word, HELEN)


@given(st.text(min_size=0, max_size=200))
def test_every_text_is_answered(word: str) -> None:
    assert is_easy(word) in {True, False}


@given(st.lists(st.sampled_from(sorted(OUR_WORDS)), min_size=1, max_size=8))
def test_our_own_words_alone_are_never_enough(words: list[str]) -> None:
    assert is_easy("-".join(words).title() + "2026")
    assert not is_easy("-".join([*words, "zugzwang"]))


@pytest.mark.django_db
def test_a_long_password_is_taken_whole_and_as_it_was_typed(
    client: Client, small_site: Site
) -> None:
    """No cut, no change of case, no spaces taken away."""
    client.force_login(small_site.cast.head)
    new = "  Seventeen quiet otters " * 6 + "é "
    given_ = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", given_)["Location"] == "/password/changed/"
    head = User.objects.get(pk=small_site.cast.head.pk)
    assert head.check_password(new)
    for other in (new.strip(), new.lower(), new[:-1], new[:64]):
        assert not head.check_password(other)


@pytest.mark.django_db
def test_the_present_password_is_asked_for(client: Client, small_site: Site) -> None:
    client.force_login(small_site.cast.head)
    new = "seventeen-quiet-otters"
    for old in ("", "not-the-password"):
        given_ = {"old_password": old, "new_password1": new, "new_password2": new}
        assert client.post("/password/", given_).status_code == 200
    assert User.objects.get(pk=small_site.cast.head.pk).check_password(PASSWORD)


def test_password_fields_hide_what_is_typed_and_let_managers_fill_them() -> None:
    forms = (SignInForm(), FirstPasswordForm(HELEN), PasswordForm(HELEN))
    fields = [f for form in forms for name, f in form.fields.items() if "password" in name]
    assert len(fields) == 6
    for field in fields:
        assert field.widget.input_type == "password"
        assert field.widget.attrs["autocomplete"] in {"current-password", "new-password"}
        assert not {"onpaste", "maxlength", "pattern"} & set(field.widget.attrs)
        assert not field.strip
