"""Long campaigns that prove a promise by attack: ``make prove``. Seeded; each is a module beside
this one with ``python -m proofs.<name>``, and a sample of each runs in ``make test``."""

import os

# Attackers ask faster than people; what slows people down is no part of what is proven.
os.environ.setdefault("REQUESTS_A_MINUTE", "0")
