STRIP = None
SERIES = None
