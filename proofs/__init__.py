"""Long campaigns that prove a promise by attack: ``make prove``. Seeded; each is a module beside
this one with ``python -m proofs.<name>``, and a sample of each runs in ``make test``."""
