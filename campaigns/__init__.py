"""Long trials by chance, seeded and resumable: ``make prove`` runs them whole, ``make test`` some of
them. Their figures are kept in ``docs/reference``."""
