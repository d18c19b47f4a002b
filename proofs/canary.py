"""Does one partnership of an installation see or change anything of another?

Two are filled (``proofs._two``). Then everybody of the one, and nobody signed in, asks at its own
host and at the other's for every route of the site with every method, with identifiers of the other
in every part of the address, every query and every field of every form that goes through with the
own ones. Looked at, each time: no canary of the other in the answer (status, headers, body, what it
leads on to); no row of the other written; and the same answer as for a name that is nowhere.

``python -m proofs.canary [--requests 50000] [--from 0] [--seed 20261125]``. Resumable: shot 700 is
the same whether or not 0 to 699 were fired. Each write is undone before the next.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from proofs._shots import Answer, Field, Shot, browser, field_of, path_of, shots, ways
from proofs._undo import undone

SEED = 20261125
BATCH = 500  # shots, after which every row of both sides is looked at
#: Foreign is not missing where what is named is open to all: the register of schools.
NOT_MISSING = {
    ("schools:add-member", "urn", "urn"): "a school of the open register",
    ("schools:add-sheet", "text", "urn"): "a school of the open register",
    ("desk:keep-similar", "purpose", "urn"): "the page names similar schools of all England",
}


@contextmanager
def _written() -> Iterator[set[str]]:
    """The tables that are written to while this is open, by the statements that go out."""
    from django.db import connection

    found: set[str] = set()

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if wrote := _WRITES.match(sql):
            found.add(wrote[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


_WRITES = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


def fire(made: Field, shot: Shot, value: str) -> "tuple[Answer, bytes, bool] | None":
    """Send one request with a name in its place: the answer, all that came with it, and whether a
    row of the other side was written. None where no such address can be written."""
    from django.urls import NoReverseMatch

    from proofs._pages import parameters, routes
    from proofs._two import digest

    victim = made.other(shot.attacker)
    target = next((t for t in made.targets[shot.attacker] if t.route == shot.route), None)
    if not made.ways:
        made.ways = {
            (letter, route): ways(made, letter, route, parameters(pattern))
            for letter in made.sides
            for route, pattern in routes()
        }
    own_ways = made.ways[shot.attacker, shot.route]
    own = own_ways[shot.number % len(own_ways)] if own_ways else {}
    fields = dict(target.fields) if target and shot.method != "GET" else {}
    try:
        path = path_of(shot.route, own | ({shot.part: value} if shot.where == "path" else {}))
    except NoReverseMatch:
        return None
    if shot.where == "body":
        assert target is not None
        path, fields = target.path, fields | {shot.part: _in_field(shot, value)}
    if shot.where == "query":
        path = f"{path}?{urlencode({shot.part: value})}"
    client = browser(made, shot.attacker, shot.who, shot.host)
    with undone(), _written() as tables:
        if shot.method in ("GET", "HEAD"):
            answer = client.generic(shot.method, path)
        else:
            answer = client.generic(
                shot.method,
                path,
                urlencode(fields),
                content_type="application/x-www-form-urlencoded",
            )
        texts, status = [_plain(answer)], [answer.status_code]
        while answer.status_code in (301, 302) and len(texts) < 4:
            to = answer["Location"]
            if not to.startswith("/"):
                break
            answer = client.get(to)
            texts.append(_plain(answer))
            status.append(answer.status_code)
        made.asked += len(texts)
        kept = made.digests[victim.letter]
        wrote = any(now != kept[table] for table, now in digest(victim, tables).items())
    whole = b"\n".join(texts)
    sent = f"{path} {urlencode(fields)}"
    return Answer(status[-1], _normal(whole, sent, value)), whole, wrote


def _in_field(shot: Shot, value: str) -> str:
    if shot.route == "schools:add-sheet" and shot.part == "text":
        return f"urn\n{value}\n" if shot.name.kind == "urn" else f"kind,name\ntrust,{value}\n"
    return value


def _plain(answer: Any) -> bytes:
    """Status, headers and body of an answer, unpacked."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as held:
            body = b"\n".join(name.encode() + b"\n" + held.read(name) for name in held.namelist())
    cookies = answer.cookies.output().encode()
    heads = "\n".join(f"{n}: {v}" for n, v in answer.headers.items()).encode()
    return b"%d\n%s\n%s\n%s" % (answer.status_code, heads, cookies, body)


#: What differs from one answer to the next, whatever is asked.
_FRESH = re.compile(
    r"X-Request-ID: .*|Expires: .*|csrf\S*=\S+|Set-Cookie: .*|expires=[^;]*|"
    r'name="csrfmiddlewaretoken" value="[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|'
    r"Content-Length: \d+|[0-9a-z]{5,8}-[0-9a-f]{32}|data:image/svg[^\"]*|"
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.+Z]*|\b\d\d:\d\d\b|"  # when a file was made
    r"otpauth:[^\"]*|\b[A-Z2-7]{4}\b|[0-9a-f]{32}:[\w-]{43}",
)


def _normal(whole: bytes, sent: str, value: str) -> str:
    """An answer without what differs each time, and without what was asked, however it is quoted.
    A digest of it, so that many can be kept."""
    text = _FRESH.sub("", whole.decode("utf-8", "replace"))
    for form in sorted({value, quote(value), quote(value, safe=""), quote(quote(value))}, key=len):
        text = text.replace(form, "NAME")
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """What one shot found."""

    shot: Shot
    what: str

    def __str__(self) -> str:
        s = self.shot
        return (
            f"shot {s.number}: {s.attacker}’s {s.who or 'nobody'} {s.method} {s.route} at "
            f"{s.host}, {s.name.kind} {s.name.value} in {s.where} {s.part}: {self.what}"
        )


def victim_host(made: Field, shot: Shot) -> str:
    """Where the side that is attacked is at home."""
    return made.other(shot.attacker).host


def _not_as_missing(made: Field, shot: Shot, answer: Answer) -> str:
    """What differs from the answer to a name of the same kind that is nowhere; nothing where the
    two are the same. Asked again before it is said: a minute that a page tells may have passed."""
    key = replace(shot, number=shot.number % 12, name=replace(shot.name, value=""))
    if made.missing.get(key) == answer:
        return ""
    shot = replace(shot, number=key.number)
    for _ in range(2):
        pair = [fire(made, shot, value) for value in (shot.name.value, shot.name.nowhere)]
        assert pair[0] is not None
        assert pair[1] is not None
        here, nowhere = pair[0][0], pair[1][0]
        made.missing[key] = nowhere
        if here == nowhere:
            return ""
    return f"{here.status}, and {nowhere.status} for a name that is nowhere"


def attack(made: Field, planned: list[Shot]) -> list[Fault]:
    """Fire, and look at each answer."""
    from proofs._two import CANARY, digest

    faults = []
    for shot in planned:
        if shot.name.kind == "token" and shot.host == victim_host(made, shot):
            continue  # a link that was sent out is a key to whoever has it, at its own host
        came = fire(made, shot, shot.name.value)
        if came is None:
            continue
        answer, whole, wrote = came
        victim = made.other(shot.attacker)
        seen = set(CANARY.findall(whole.lower())) & victim.canaries
        # Who sends a word sees it again; that is no answer. A link with a signed token is a key.
        seen -= set(CANARY.findall(shot.name.value.lower().encode()))
        if seen:
            faults.append(Fault(shot, f"foreign bytes {sorted(seen)[0].decode()}"))
        if answer.status >= 500:
            faults.append(Fault(shot, f"the site broke: {answer.status}"))
        if wrote:
            faults.append(Fault(shot, "a row of the other partnership was written"))
        if (shot.route, shot.part, shot.name.kind) in NOT_MISSING:
            continue
        if missing := _not_as_missing(made, shot, answer):
            faults.append(Fault(shot, missing))
    for letter, side in made.sides.items():
        assert digest(side) == made.digests[letter], f"{letter} is not as it was before the batch"
    return faults


def not_through(made: Field) -> list[str]:
    """Forms of which no honest sending goes through, so that nothing is proved by a hostile one."""
    from proofs._pages import routes

    posting = {r for r, p in routes() if "POST" in getattr(p.callback, "methods", ())}
    through = {t.route for letter in made.targets for t in made.targets[letter] if t.through}
    return sorted(posting - through)


@contextmanager
def on_this_database(seed: int) -> Iterator[Field]:
    """Both partnerships in the home folder and the database of the environment, gone afterwards."""
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)  # every refusal of thousands
    from django.conf import settings
    from django.core.management import call_command

    from bridgehead.picture.picture import Picture

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", interactive=False, verbosity=0)
    with undone():
        yield field_of(Picture.open(Path(os.environ["BRIDGEHEAD_HOME"])), seed)


def in_a_home_of_its_own(module: str, words: list[str]) -> tuple[int, str]:
    """Run a module in a process with a home of a synthetic England: its exit code, and its last
    line, which is printed too."""
    from tests.england import england_in

    with tempfile.TemporaryDirectory(prefix="bridgehead-proof-") as folder:
        cache = Path(folder) / "england"
        if (kept := Path(".pytest_cache/d/england")).is_dir():
            shutil.copytree(kept, cache)
        cache.mkdir(exist_ok=True)
        env = os.environ | {
            "BRIDGEHEAD_HOME": str(england_in(Path(folder) / "home", cache=cache)),
            "DJANGO_SETTINGS_MODULE": "bridgehead.config.settings",
            "DATABASE_URL": "",
            "SITE_URL": "http://localhost:8000",
        }
        ran = subprocess.run(
            [sys.executable, "-m", module, *words],
            env=env,
            check=False,
            stdout=subprocess.PIPE,
            text=True,
        )
    print(ran.stdout, end="")
    return ran.returncode, ran.stdout


def _here(args: argparse.Namespace) -> int:
    """The campaign in this process."""
    faults: list[Fault] = []
    with on_this_database(args.seed) as made:
        made.asked = 0
        planned = shots(made, args.seed)
        at = args.first
        while made.asked < args.requests and at < len(planned):
            faults += attack(made, planned[at : at + BATCH])
            at += BATCH
            print(f"{made.asked} requests, up to shot {at}, {len(faults)} faults", file=sys.stderr)
        said = {
            "requests": made.asked,
            "shots": [args.first, min(at, len(planned)), len(planned)],
            "names": {letter: len(names) for letter, names in made.names.items()},
            "forms": sum(t.through for t in made.targets["a"]),
            "not through": not_through(made),
            "kinds": Counter(fault.what.split()[0] for fault in faults),
            "faults": [str(fault) for fault in faults],
        }
    print(json.dumps(said))
    return int(bool(faults))


def main() -> int:
    """Print what was found; exit code 1 where anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000, help="at least (%(default)s)")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first shot")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="as it is printed anyway")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        return _here(args)
    words = ["--here", f"--seed={args.seed}", f"--requests={args.requests}"]
    return in_a_home_of_its_own("proofs.canary", [*words, f"--from={args.first}"])[0]


if __name__ == "__main__":
    sys.exit(main())
