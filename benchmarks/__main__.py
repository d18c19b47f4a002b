"""``python -m benchmarks [--json]``: run every benchmark, each in a process of its own
(not ``plots``, which writes pictures into ``docs/``)."""

import pkgutil
import subprocess
import sys

import benchmarks

if __name__ == "__main__":
    found = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name[0] != "_"]
    names = [name for name in found if name != "plots"]  # which writes into docs/
    codes = []
    for name in names:
        print(f"== {name}", file=sys.stderr, flush=True)
        words = [sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]]
        codes.append(subprocess.run(words, check=False).returncode)
    sys.exit(max(codes, default=0))
