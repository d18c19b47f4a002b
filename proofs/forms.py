"""Is anything taken from a form that it does not ask for?

Each form of the site, found by walking the routes and reading the pages that people are shown, is
sent as an honest person would, and again with fields beside its own: every column of every model of
ours and the names that such fields usually have. The rows of every table must then be the same.
``python -m proofs.forms [--seed 20261125]``.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from proofs.canary import Field, Target

#: What programs often call what nobody may set.
USUAL = [
    *("is_staff", "is_superuser", "is_active", "is_admin", "admin", "superuser", "staff"),
    *("role", "roles", "permissions", "groups", "partnership", "partnership_id", "organisation"),
    *("organisation_id", "user", "user_id", "person", "person_id", "owner", "by", "by_id"),
    *("created_by", "created_at", "approved", "approved_by", "confirmed", "id", "pk", "host"),
    *("tenant", "tenant_id"),
]
#: Forms that are sent with a password, a code or a key of one's own, and write no row but that
#: person's: ``tests/accounts`` sends them.
OF_ONES_OWN = {
    "accounts:add-passkey",
    "accounts:change-password",
    "accounts:code",
    "accounts:new-recovery-codes",
    "accounts:recovery-codes",
    "accounts:remove-passkey",
    "accounts:remove-second-factor",
    "accounts:set-password",
    "accounts:show-again",
    "accounts:set-up-second-factor",
    "accounts:sign-in",
    "accounts:sign-out",
    "people:choose-role",
}
#: Forms that look something up and write nothing; and a button without a field, that stands only
#: where e-mail goes out (``tests/people/test_first_passwords`` presses it).
LOOK_UP = {"records:requests", "people:appointed"}


def extra_fields(made: "Field", target: "Target") -> dict[str, str]:
    """Every column of every model of ours, with a value that somebody hostile would like; without
    those that the form itself asks for."""
    from django.db import models

    from proofs._two import ours

    victim = made.sides["b"]
    found = dict.fromkeys(USUAL, "1")
    for model in ours():
        for each in model._meta.concrete_fields:
            hostile = "7"
            if isinstance(each, models.BooleanField):
                hostile = "on"
            elif isinstance(each, models.DateField):
                hostile = "2001-01-01"
            elif each.name.startswith("partnership"):
                hostile = str(victim.partnership.pk)
            elif each.name in {"person", "by", "invited_by", "named_by", "kept_by", "opened_by"}:
                hostile = str(victim.people["head"].pk)
            elif each.name == "role":
                hostile = "administrator"
            elif each.name == "state":
                hostile = "decided"
            found |= {each.name: hostile, each.attname: hostile}
    asked = {*target.fields, *(name.rsplit("_", 1)[0] for name in target.fields)}
    return {name: value for name, value in found.items() if name not in asked}


def written(made: "Field", target: "Target", more: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The status, and every row of every table of ours once a form has been sent: what is random or
    tells the moment only as there or not. The sending is undone."""
    from proofs._two import ours
    from proofs._undo import undone
    from proofs.canary import browser

    side = made.sides["a"]
    client = browser(made, "a", target.who, side.host)
    with undone():
        answer = client.post(
            target.path,
            urlencode(target.fields | more),
            content_type="application/x-www-form-urlencoded",
        )
        rows = {
            model._meta.label: sorted(
                [_word(row, each) for each in model._meta.concrete_fields]
                for row in model._base_manager.all()
            )
            for model in ours()
        }
    return answer.status_code, rows


def _word(row: Any, each: Any) -> str:
    from django.db import models

    value = getattr(row, each.attname)
    if isinstance(each, models.DateTimeField):
        return str(value is not None)
    secret = {"nonce", "password", "session_stamp", "session_key", "session_data", "word", "actor"}
    seal = {"digest", "previous", "key", "id"}
    if each.name in secret | seal or each.primary_key:
        return ""
    text = re.sub(r"person-[0-9a-f]{12}", "a pseudonym", str(value))
    return re.sub(r"erased-[0-9a-f]{16}", "an erased address", text)


def unsendable(made: "Field") -> list[str]:
    """What to say of the forms that no honest sending goes through."""
    from proofs.canary import not_through

    return [
        f"no form of {route} goes through: give its fields values in TYPED or OTHERWISE of "
        "proofs/_pages.py, or a row to send it for in _fill of proofs/_two.py"
        for route in not_through(made)
        if route not in OF_ONES_OWN | LOOK_UP
    ]


def persisted(made: "Field") -> Iterator[tuple[str, list[str]]]:
    """Each form that goes through, with the tables that came out otherwise."""
    for target in made.targets["a"]:
        if not target.through or target.route in OF_ONES_OWN | LOOK_UP:
            continue
        honest = written(made, target, {})
        hostile = written(made, target, extra_fields(made, target))
        changed = [label for label in honest[1] if honest[1][label] != hostile[1][label]]
        yield target.route, changed + ([] if honest[0] == hostile[0] else ["another answer"])


def main() -> int:
    """Print each form with what persisted; exit code 1 where anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args, _ = parser.parse_known_args()
    from proofs import canary

    if not args.here:
        return canary.in_a_home_of_its_own("proofs.forms", ["--here", f"--seed={args.seed}"])[0]
    with canary.on_this_database(args.seed) as made:
        results, faults = dict(persisted(made)), unsendable(made)
    faults += [f"{route}: {', '.join(what)}" for route, what in results.items() if what]
    print(json.dumps({"forms": len(results), "faults": faults}))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
