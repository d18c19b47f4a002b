"""What people did and what they saw, kept so that a later change shows.

``keys`` seals a text with a key that the database does not hold; ``ledger`` writes lines, each
sealed over the line before; ``heads`` writes the end of a ledger outside the database; ``people``
gives everybody a pseudonym, so that a person can be erased and the lines stay whole; ``sightings``
keeps who saw protected pages; ``verify`` finds the first thing that is not as it was written. What
is recorded and who sees it: ``docs/explanation/audit.md``.
"""
