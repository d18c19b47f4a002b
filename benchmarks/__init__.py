"""Timings as ratios to a named alternative in the same run. No test asserts a time."""
