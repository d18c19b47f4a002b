"""``python -m proofs``: run every campaign, each in a process of its own. The exit code is 1 where
one of them failed."""

import pkgutil
import subprocess
import sys

import proofs

if __name__ == "__main__":
    names = [m.name for m in pkgutil.iter_modules(proofs.__path__) if m.name[0] != "_"]
    codes = []
    for name in names:
        print(f"== {name}", file=sys.stderr, flush=True)
        words = [sys.executable, "-m", f"proofs.{name}", *sys.argv[1:]]
        codes.append(subprocess.run(words, check=False).returncode)
    sys.exit(max(codes, default=0))
