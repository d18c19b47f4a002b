"""Bridgehead: the online Bridge of a school-led learning partnership."""

__version__ = "0.1.0"
