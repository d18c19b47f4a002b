"""Charts as SVG: plain dataclasses in, a string out. No Django and no JavaScript.

Each module holds one kind of chart: its data, and ``draw(data, width)`` in CSS pixels.
"""
