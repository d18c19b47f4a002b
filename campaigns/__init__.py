"""Long trials by chance, seeded and resumable: ``make prove`` runs them whole, ``make test`` a few
points of each. Their figures are kept in ``docs/reference``."""
