"""Reads: the policy, what a school needs, and who could help it."""
