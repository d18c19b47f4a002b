"""A file of one partnership tells nothing of another, whatever table it is from."""

import pytest
from django.utils import timezone

from bridgehead.accounts.models import Passkey
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.people.actions import appoint
from bridgehead.records.actions import make_person_file
from bridgehead.records.queries.tables import all_of, is_owned, of_partnership
from bridgehead.records.rules import Rows, kinds
from tests.cast import Site
from tests.records.test_person import opened

pytestmark = pytest.mark.django_db

SHARED = [rows for kind in kinds().values() for rows in kind.rows if not is_owned(rows)]

#: Shared tables of which a file never holds a row, since none is linked to a person, and why.
OF_NOBODY = {
    "axes.AccessAttemptExpiration": "a moment",
    "schools.Partnership": "only the own one is ever told of",
}


@pytest.mark.parametrize("rows", SHARED, ids=lambda rows: rows.model)
def test_a_shared_table_is_reached_by_the_person_alone(rows: Rows) -> None:
    linked = bool(rows.person or rows.address or rows.word)
    assert linked is not (rows.model in OF_NOBODY), (
        f"{rows.model} belongs to no partnership: say in records/kinds.yaml by which key or "
        "address a row is a person's, or under OF_NOBODY here why no file ever holds one."
    )
    assert not rows.text, f"{rows.model}: texts are only searched where they are a partnership's"


def test_only_the_own_partnership_is_told_of(small_site: Site) -> None:
    rows = next(rows for rows in SHARED if rows.model == "schools.Partnership")
    found = of_partnership(all_of(rows), rows, small_site.partnership.pk)
    assert list(found) == [small_site.partnership]
    assert of_partnership(all_of(rows), rows, None).count() == 2


@pytest.mark.parametrize("name", ["a", "Elsewhere Partnership"])
def test_nothing_of_another_partnership_is_in_a_file(small_site: Site, name: str) -> None:
    """Of somebody who works in both, neither the other one's settings nor its host."""
    head, elsewhere = small_site.cast.head, small_site.elsewhere
    elsewhere.settings = {"safeguarding_contact": "the other front door"}
    elsewhere.save()
    appoint(person=head, role="observer", partnership=elsewhere, by=COMMAND_LINE)
    head.name = name
    head.save()
    for host in ("localhost", elsewhere.host):
        Passkey.objects.create(
            person=head, host=host, name=f"key at {host}", credential=host, added_at=timezone.now()
        )
    for who in ("head", "administrator"):
        files = opened(make_person_file(person=head, by=small_site.reader(who))[0])
        whole = "".join(files.values())
        assert "key at localhost" in whole
        for told in (elsewhere.host, "front door", elsewhere.slug):
            assert told not in whole, told
    whole = "".join(opened(make_person_file(person=head, by=COMMAND_LINE)[0]).values())
    assert elsewhere.host in whole
