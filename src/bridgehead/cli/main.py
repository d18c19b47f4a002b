"""The door of the terminal: ``bridgehead COMMAND``.

Each command is a module beside this one with ``add(subparsers)`` and ``run(args) -> int``. Exit
codes: 0 done, 1 refused or failed in a way that the message explains, 2 the command line itself is
wrong (argparse), 130 interrupted.
"""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from bridgehead import __version__
from bridgehead.cli.terminal import inert
from bridgehead.core.errors import Refused
from bridgehead.core.home import where

#: In the order in which a new partnership meets them.
COMMANDS = (
    "demo",
    "load",
    "releases",
    "withdraw",
    "picture",
    "backtest",
    "show",
    "similar",
    "triage",
    "suggest",
    "serve",
    "backup",
    "restore",
    "audit",
    "doctor",
    "sbom",
    "manage",
)

STORY = """\
From published files to who does what next, for every school in an area.

  bridgehead demo                a site with an invented England, to look round
  bridgehead load FILES…         take published files in; each is checked first
  bridgehead picture             put every loaded school in context
  bridgehead backtest …          would it have been right about a year that is over?
  bridgehead show URN            one school: standing, direction, inspections
  bridgehead similar URN         schools like it, and what to expect of them
  bridgehead triage --area 936   what the figures propose for every school
  bridgehead suggest URN         who could help it, and why
  bridgehead serve               the web site
  bridgehead backup              everything that it keeps, in one file
  bridgehead restore FILE        the site as it was then
  bridgehead audit verify        is everything as it was written down?
  bridgehead doctor              what is amiss here, and what to do

Files live under BRIDGEHEAD_HOME (now: {home}).
"""


def parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The command line with the commands named, each with its own help."""
    top = argparse.ArgumentParser(
        prog="bridgehead",
        description=STORY.format(home=where()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="bridgehead COMMAND --help tells the rest.",
    )
    top.add_argument("--version", action="version", version=f"bridgehead {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in names:
        import_module(f"bridgehead.cli.{name}").add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # The picture brings threads of its own; those of the matrix library would only wait on them.
    # It reads this when numpy is first imported, which is below.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if argv is None else argv)
    # One command named: its module alone is imported, so that it starts quickly.
    args = parser(words[:1] if words[:1] and words[0] in COMMANDS else COMMANDS).parse_args(words)
    try:
        return int(args.run(args))
    except Refused as refusal:
        print(f"bridgehead: {inert(str(refusal))}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; that is its right.
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        where_ = f" ({error.filename})" if error.filename else ""
        print(f"bridgehead: {error.strerror}{where_}.", file=sys.stderr)
        print(f"Make room on the disk of {where()}, and run it again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bridgehead: stopped; nothing half-done has been kept.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
