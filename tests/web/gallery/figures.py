STRIP = None
SERIES = None
ALL = ()
SCHOOL = {}
