"""``bridgehead sbom``: what the program is made of, as CycloneDX JSON, from its own lock files."""

import argparse
import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import bridgehead
from bridgehead.core.errors import Refused

TOP = Path(bridgehead.__file__).parents[2]
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ALGORITHMS = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "sbom",
        help="what the program is made of (CycloneDX JSON)",
        description="Print a software bill of materials in CycloneDX 1.6 JSON: every package of "
        "requirements.lock and package-lock.json with its version and digests. The same lock files "
        "make the same text.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print it. Refused (exit code 1) where the lock files are not beside the program."""
    print(json.dumps(bill(TOP), ensure_ascii=False, indent=1))
    return 0


def bill(top: Path) -> dict[str, Any]:
    """The bill of materials of a checkout."""
    try:
        python = (top / "requirements.lock").read_text(encoding="utf-8")
        node = json.loads((top / "package-lock.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Refused(
            "the lock file is not beside the program.",
            "Run it from a checkout.",
            file=str(error.filename),
        ) from error
    components = [*python_packages(python), *node_packages(node)]
    content = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "bridgehead",
                "version": bridgehead.__version__,
                "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
            }
        },
        "components": components,
    }


def python_packages(lock: str) -> Iterator[dict[str, Any]]:
    """The packages of a hashed lock; one that is pinned twice for two Pythons is two. Raises
    ``Refused`` for one that is not pinned to a version and a digest."""
    for entry in re.split(r"\n(?=\S)", lock.replace("\\\n", " ")):
        line = entry.strip()
        if not line or line.startswith("#"):
            continue
        pinned, hashes = _PINNED.match(line), _HASH.findall(entry)
        if pinned is None or not hashes:
            raise Refused(
                "a package is not pinned to a version and a digest.",
                "Make the lock again.",
                file="requirements.lock",
                value=line[:80],
            )
        name = re.sub(r"[-_.]+", "-", pinned[1]).lower()
        yield _component(
            f"pkg:pypi/{name}@{pinned[2]}", name, pinned[2], [("sha256", h) for h in hashes]
        )


def node_packages(lock: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The packages of npm's lock."""
    for place, entry in sorted(lock["packages"].items()):
        if not place:  # the checkout itself
            continue
        name = place.rpartition("node_modules/")[2]
        hashes = []
        for word in entry.get("integrity", "").split():
            algorithm, _, packed = word.partition("-")
            hashes.append((algorithm, base64.b64decode(packed).hex()))
        if not hashes:
            raise Refused("a package has no digest.", "", file="package-lock.json", value=name)
        address = name.replace("@", "%40", 1)
        yield _component(f"pkg:npm/{address}@{entry['version']}", name, entry["version"], hashes)


def _component(purl: str, name: str, version: str, hashes: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": _ALGORITHMS[kind], "content": value} for kind, value in hashes],
    }
