"""Processes are killed (signal 9) at seeded points, and what they leave is looked at
(``python -m proofs.kills --points 200``).

Six scenes in turn, each on SQLite and on PostgreSQL: people are appointed; published files are
loaded; a backup is written while people are appointed; a backup is restored over what is there;
people are invited; reviews are judged.
After each kill: every write that was acknowledged is there once, with one line in a whole ledger;
every release is whole or absent, and the load done again ends as one that was not stopped; no half
of a backup has its name; a restore is done or undone; ``serve`` answers that it is ready.

Points that are done are kept in ``--kept`` and not done again. A point is a seed, so that one which
went wrong can be repeated: ``--only 17``.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bridgehead.opendata.releases import Store
from bridgehead.opendata.synthetic import write

SCENES = ("write", "load", "backup", "restore", "invite", "judge")
DATABASES = ("sqlite", "postgresql")
FILES = 6
READY_WITHIN = 10.0
_PYTHON = sys.executable
NewDatabase = Callable[[], str]


@dataclass
class Result:
    """What one point came to. ``after`` is how many seconds the process lived, ``ready`` how many
    passed until the site answered; ``faults`` says in words what was wrong."""

    number: int
    scene: str
    database: str
    after: float = 0.0
    acknowledged: int = 0
    ready: float | None = None
    faults: list[str] = field(default_factory=list)


class Ground:
    """One home with a database, and the processes started there."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.environment = os.environ | {"BRIDGEHEAD_HOME": str(home), "DATABASE_URL": url}
        self.environment |= {"SITE_URL": "http://localhost:8000", "LOG_LEVEL": "ERROR"}
        self.environment |= {"AUDIT_KEY": "one-key-for-all-the-homes-of-a-campaign"}

    def start(self, *words: str, module: str = "bridgehead.cli.main") -> "subprocess.Popen[str]":
        """Begin a command, in a group of its own so that all of it can be killed."""
        return subprocess.Popen(
            [_PYTHON, "-m", module, *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if words[:1] == ("serve",) else subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def do(self, *words: str) -> str:
        """Run a command to its end. Raises ``CalledProcessError`` where it fails."""
        done = subprocess.run(
            [_PYTHON, "-m", "bridgehead.cli.main", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def ask(self, code: str) -> str:
        """What a few lines of Python print, with the site's models at hand."""
        begin = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = "
        begin += "'bridgehead.config.settings'; django.setup()\n"
        return subprocess.check_output(
            [_PYTHON, "-c", begin + code], env=self.environment, text=True
        )


def kill(process: "subprocess.Popen[str]") -> str:
    """Kill a process and all that it began; what it had said until then."""
    with suppress(ProcessLookupError):  # it had ended already
        os.killpg(process.pid, signal.SIGKILL)
    said = process.stdout.read() if process.stdout else ""
    process.wait()
    return said


def run_point(number: int, seed: int, base: Path, folder: Path, new: NewDatabase) -> Result:
    """One kill and the look at what is left."""
    rng = random.Random(f"{seed}/{number}")
    scene = SCENES[number % len(SCENES)]
    database = DATABASES[number // len(SCENES) % len(DATABASES)]
    ground = Ground(folder / f"point-{number}", new() if database == "postgresql" else "")
    ground.home.mkdir(parents=True)
    ground.do("restore", str(base / "base.zip"))
    result = Result(number, scene, database)
    try:
        _PLAYED[scene](ground, rng, base, result)
        result.ready = round(_ready(ground), 2)
        if result.ready > READY_WITHIN:
            result.faults.append(f"ready only after {result.ready} s")
    except (RuntimeError, subprocess.CalledProcessError) as error:
        result.faults.append(str(error))
    if not result.faults:
        shutil.rmtree(ground.home)
    return result


def make_base(base: Path) -> None:
    """What every point begins with: a partnership, and files to load."""
    ground = Ground(base / "home", "")
    ground.home.mkdir(parents=True)
    write(base / "all", schools=120)
    (base / "files").mkdir()
    for path in sorted((base / "all").rglob("*.csv"))[:FILES]:
        shutil.copy(path, base / "files")
    ground.do("manage", "migrate", "--verbosity=0")
    ground.do("load", str(base / "all"))
    ground.do("picture")
    subprocess.run([_PYTHON, "-m", "proofs._ground"], env=ground.environment, check=True)
    for folder in ("releases", "pictures"):  # a point is to begin without any
        shutil.rmtree(ground.home / folder)
    (ground.home / "note.txt").write_text("before")
    ground.do("backup", str(base / "base.zip"))
    loaded = Ground(base / "loaded", "")
    loaded.home.mkdir()
    began = time.perf_counter()
    loaded.do("load", str(base / "files"))
    (base / "seconds").write_text(str(time.perf_counter() - began))


def _write(ground: Ground, rng: random.Random, base: Path, result: Result) -> None:
    _look_at_writes(ground, _said_until_killed(ground, "appointed", rng, result), result)


def _invite(ground: Ground, rng: random.Random, base: Path, result: Result) -> None:
    said = _said_until_killed(ground, "invited", rng, result)
    _look_at_pairs(ground, {f"p{n}@example.org" for n in said}, _INVITATIONS, result)


def _judge(ground: Ground, rng: random.Random, base: Path, result: Result) -> None:
    said = _said_until_killed(ground, "judged", rng, result)
    _look_at_pairs(ground, set(said), _JUDGEMENTS, result)
    halves = "from bridgehead.monitoring.models import Review\n"
    halves += "print(Review.objects.filter(state='judged', judgement=None).count()"
    halves += " + Review.objects.exclude(judgement=None).exclude(state='judged').count())"
    if ground.ask(halves).strip() != "0":
        result.faults.append("a review and its judgement differ")


def _said_until_killed(ground: Ground, what: str, rng: random.Random, result: Result) -> list[str]:
    """What a writer has acknowledged before it was killed."""
    process = ground.start(what, module="proofs._writer")
    first = process.stdout.readline() if process.stdout else ""  # it has begun
    result.after = rng.uniform(0.0, 1.0)
    time.sleep(result.after)
    return [*first.split(), *kill(process).split()]


#: Model, what a write of it is known by, and the words of its line in the ledger.
_INVITATIONS = ("bridgehead.people.models", "Invitation", "email", "invited a person")
_JUDGEMENTS = ("bridgehead.monitoring.models", "Judgement", "review_id", "judged a review")


def _look_at_pairs(
    ground: Ground, acknowledged: set[str], about: tuple[str, str, str, str], result: Result
) -> None:
    """Rows and their lines: each acknowledged one is there once, and at most one more."""
    module, model, known_by, verb = about
    rows, lines = json.loads(
        ground.ask(
            "import json\n"
            "from bridgehead.accounts.models import AuditEntry\n"
            f"from {module} import {model} as Row\n"
            f"rows = [str(x) for x in Row.objects.values_list('{known_by}', flat=True)]\n"
            f"print(json.dumps([rows, AuditEntry.objects.filter(verb='{verb}').count()]))"
        )
    )
    result.acknowledged += len(acknowledged)
    if lost := acknowledged - set(rows):
        result.faults.append(f"lost: {sorted(lost)}")
    if len(rows) != len(set(rows)):
        result.faults.append("a write twice")
    if len(rows) != lines:
        result.faults.append(f"{len(rows)} rows and {lines} lines of the ledger")
    if len(rows) > len(acknowledged) + 1:  # the one whose answer was cut off
        result.faults.append("more was written than was asked for")
    ground.do("audit", "verify")


def _look_at_writes(ground: Ground, said: list[str], result: Result) -> None:
    told = json.loads(
        ground.ask(
            "import json\n"
            "from bridgehead.accounts.models import AuditEntry as A, User as U\n"
            "from bridgehead.people.models import Appointment as P\n"
            "people = {u.pseudonym.word: u.email for u in U.objects.all()}\n"
            "base = {w for w, e in people.items() if e.endswith('@base.example.org')}\n"
            "lines = lambda verb: list(A.objects.filter(verb=verb).values_list('object_id', "
            "flat=True))\n"
            "print(json.dumps({'people': people, 'base': len(base), "
            "'held': list(P.objects.values_list('pk', 'person__email')), "
            "'made': lines('created a person'), 'given': "
            "lines('appointed a person')}))"
        )
    )
    acknowledged = {f"p{number}@example.org" for number in said}
    result.acknowledged += len(acknowledged)
    held = [email for _, email in told["held"]]
    if lost := acknowledged - set(told["people"].values()):
        result.faults.append(f"lost people: {sorted(lost)}")
    if lost := acknowledged - set(held):
        result.faults.append(f"lost appointments: {sorted(lost)}")
    if len(held) != len(set(held)):
        result.faults.append("an appointment twice")
    if sorted(told["made"]) != sorted(told["people"]):
        result.faults.append("people and their lines of the ledger differ")
    if sorted(told["given"]) != sorted(str(pk) for pk, _ in told["held"]):
        result.faults.append("appointments and their lines of the ledger differ")
    if (
        len(told["people"]) - told["base"] > len(acknowledged) + 1
    ):  # the one whose answer was cut off
        result.faults.append("more was written than was asked for")
    ground.do("audit", "verify")


def _load(ground: Ground, rng: random.Random, base: Path, result: Result) -> None:
    process = ground.start("load", str(base / "files"))
    result.after = rng.uniform(0.0, float((base / "seconds").read_text()))
    time.sleep(result.after)
    kill(process)
    whole = _releases(base / "loaded")
    left = _releases(ground.home)
    if not left.items() <= whole.items():
        result.faults.append("a release is not as one that was loaded whole")
    result.acknowledged = len(left)
    ground.do("load", str(base / "files"))
    if _releases(ground.home) != whole:
        result.faults.append("loading again does not end as loading once")
    if strange := [p.name for p in (ground.home / "releases").glob(".tmp-*")]:
        result.faults.append(f"left behind: {strange}")


def _releases(home: Path) -> dict[str, str]:
    """Every release that is listed, and the digest of its cells."""
    store = Store(home)
    return {
        card.id: hashlib.sha256((store.folder / card.id / "cells.parquet").read_bytes()).hexdigest()
        for card in store.cards(withdrawn=True)
    }


def _backup(ground: Ground, rng: random.Random, base: Path, result: Result) -> None:
    """A backup is killed while people are invited, and those are killed after it."""
    target = ground.home.with_name(f"{ground.home.name}.zip")
    shutil.copytree(base / "loaded" / "releases", ground.home / "releases")
    writer = ground.start("appointed", module="proofs._writer")
    first = writer.stdout.readline() if writer.stdout else ""
    process = ground.start("backup", str(target))
    result.after = rng.uniform(0.5, 3.0)
    time.sleep(result.after)
    kill(process)
    _look_at_writes(ground, [*first.split(), *kill(writer).split()], result)
    if target.exists():
        ground.do("restore", str(target), "--verify")
        target.unlink()
    ground.do("backup", str(target), "--verify")
    if left := [p.name for p in target.parent.glob(f".{target.name}*")]:
        result.faults.append(f"left behind: {left}")
    target.unlink()


def _restore(ground: Ground, rng: random.Random, base: Path, result: Result) -> None:
    """Files and people of the day before are given up for those of the backup, or kept."""
    (ground.home / "note.txt").write_text("since")
    ground.ask(
        "from bridgehead.accounts.actions import create_person as make\n"
        "from bridgehead.accounts.rules import COMMAND_LINE\n"
        "make(email='since@example.org', name='Since', password=None, by=COMMAND_LINE)"
    )
    process = ground.start("restore", str(base / "base.zip"), "--replace")
    result.after = rng.uniform(0.5, 4.0)
    time.sleep(result.after)
    kill(process)
    ground.do("backup")  # whoever comes next finishes it or clears it away
    note = (ground.home / "note.txt").read_text()
    people = ground.ask(
        "from bridgehead.accounts.models import User\n"
        "print(User.objects.filter(email='since@example.org').count())"
    ).strip()
    if (note, people) not in {("since", "1"), ("before", "0")}:
        result.faults.append(f"half restored: note {note!r}, {people} people")
    if (ground.home / ".restore").exists():
        result.faults.append("left behind: .restore")
    result.acknowledged = int(note == "before")
    if note == "before":  # a line that the file outside the database knows is gone, and is missed
        with suppress(RuntimeError):
            ground.do("audit", "verify")
            result.faults.append("nobody would learn that an older database was put back")
        ground.do("audit", "accept", "--why", "restored")
    ground.do("audit", "verify")


def _ready(ground: Ground) -> float:
    """Start the site and ask until it says that it is ready; the seconds that passed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    began = time.perf_counter()
    site = ground.start("serve", "--port", port, "--workers", "1")
    try:
        while time.perf_counter() - began < READY_WITHIN * 6:
            done = subprocess.run(
                [_PYTHON, "-m", "bridgehead.cli.ready", port],
                env=ground.environment,
                capture_output=True,
                check=False,
            )
            if done.returncode == 0:
                return time.perf_counter() - began
            if site.poll() is not None:
                said = site.stdout.read().strip() if site.stdout else ""
                raise RuntimeError(f"the site did not start: {said[-300:]}")
    finally:
        kill(site)
    raise RuntimeError("the site never said that it is ready")


_PLAYED = {
    "write": _write,
    "load": _load,
    "backup": _backup,
    "restore": _restore,
    "invite": _invite,
    "judge": _judge,
}


def done_before(kept: Path) -> list[Result]:
    """The points that an earlier run has done."""
    if not kept.exists():
        return []
    return [Result(**json.loads(line)) for line in kept.read_text().splitlines()]


def campaign(
    *, numbers: list[int], seed: int, kept: Path, folder: Path, new: NewDatabase
) -> list[Result]:
    """Do the points that are not done yet, keeping each as it is done."""
    done = done_before(kept)
    left = [n for n in numbers if n not in {result.number for result in done}]
    base = folder / "base"
    if left and not (base / "seconds").exists():
        shutil.rmtree(base, ignore_errors=True)
        make_base(base)
    for number in left:
        shutil.rmtree(folder / f"point-{number}", ignore_errors=True)
        result = run_point(number, seed, base, folder, new)
        done.append(result)
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result)) + "\n")
        print(json.dumps(asdict(result)), file=sys.stderr, flush=True)
    return done


def summary(results: list[Result]) -> dict[str, object]:
    """The figures."""
    ready = sorted(r.ready for r in results if r.ready is not None)
    return {
        "points": len(results),
        "by_scene": {
            f"{scene}, {database}": sum((r.scene, r.database) == (scene, database) for r in results)
            for scene in SCENES
            for database in DATABASES
        },
        "acknowledged_writes": sum(
            r.acknowledged for r in results if r.scene in {"write", "backup", "invite", "judge"}
        ),
        "restores_done": sum(r.acknowledged for r in results if r.scene == "restore"),
        "faults": [fault for r in results for fault in r.faults],
        "ready_seconds_median": ready[len(ready) // 2] if ready else None,
        "ready_seconds_most": ready[-1] if ready else None,
    }


def main(argv: list[str] | None = None) -> int:
    """Run the campaign and print its figures; exit code 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--only", type=int, action="append")
    parser.add_argument("--kept", type=Path, default=Path("var/proofs/kills.jsonl"))
    args = parser.parse_args(argv)
    args.kept.parent.mkdir(parents=True, exist_ok=True)
    from tests import servers

    with tempfile.TemporaryDirectory() as folder, servers.running(Path(folder)) as new:
        results = campaign(
            numbers=args.only or list(range(args.points)),
            seed=args.seed,
            kept=args.kept,
            folder=Path(folder),
            new=new,
        )
    figures = summary(results)
    print(json.dumps(figures, indent=1))
    return 1 if figures["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
