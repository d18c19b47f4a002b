"""Which names become roles in a file: those of the own partnership, whole and of two words."""

import pytest

from bridgehead.people.actions import invite
from bridgehead.records.queries.redact import redaction
from tests.cast import Site, person

pytestmark = pytest.mark.django_db


def invited(site: Site, name: str, who: str = "administrator") -> None:
    by = site.reader(who)
    partnership = site.elsewhere if who == "outsider" else site.partnership
    address = f"{name.lower().replace(' ', '.')}@example.org"
    invite(name=name, email=address, role="observer", partnership=partnership, by=by)


def test_an_invitation_rewrites_no_word(small_site: Site) -> None:
    invited(small_site, "promised")
    invited(small_site, "Noor Aziz")
    said = redaction(small_site.partnership.pk).words("Noor Aziz promised, NOOR\nAZIZ came.")
    assert said == "[somebody] promised, [somebody] came."


def test_whether_a_name_is_known_elsewhere_is_not_told(small_site: Site) -> None:
    """Neither of those who work in another partnership, nor of those with no role anywhere."""
    person("Lotte Vane")
    text = "Nadia Brandt and Lotte Vane met Priya Nair."
    assert redaction(small_site.partnership.pk).words(text) == (
        "Nadia Brandt and Lotte Vane met [Partnership broker]."
    )
    assert redaction(small_site.elsewhere.pk).words(text) == (
        "[Partnership broker] and Lotte Vane met Priya Nair."
    )
    assert redaction(None).words(text) == (
        "[Partnership broker] and [somebody] met [Partnership broker]."
    )


def test_a_longer_word_is_no_name(small_site: Site) -> None:
    taken_out = redaction(small_site.partnership.pk)
    assert taken_out.words("Priya Nairobi, XPriya Nair") == "Priya Nairobi, XPriya Nair"


def test_letters_with_two_forms(small_site: Site) -> None:
    """“ſ” is an “s” to a search that does not mind case, and no small “s”."""
    said = redaction(small_site.partnership.pk).words("Tom Reyeſ and TOM REYES")
    assert said == "[Head teacher] and [Head teacher]"


def test_the_one_who_stays(small_site: Site) -> None:
    broker = small_site.cast.broker
    said = redaction(small_site.partnership.pk, broker).words("Priya Nair met Tom Reyes")
    assert said == "Priya Nair met [Head teacher]"
