"""Which columns name people. They are dropped before anything is written, whatever the kind."""

import re

_NAMES = re.compile(
    r"""
    ^head(teacher|title|first|last|s?name|preferred|of|master|mistress|email)
    | headteacher | ^props | proprietor | e[ _-]?mail
    | ^(acting|executive)?principal(s|name|first|last|title)?$
    | inspector(?!ate) | first[ _]?name | last[ _]?name | fore[ _]?name | sur[ _]?name
    | full[ _]?name | given[ _]?name | family[ _]?name
    | contact(name|person|first|last) | ^(main|primary|key|lead)?contact$
    | ^chair | ^governors?(name)?$ | accounting[ _]?officer | ^ceo | chief[ _]?exec
    | ^nameof(the)?(acting|executive)?(head|principal|chair|teacher|contact|person|clerk|leader)
    | (staff|school)contact$ | (prepared|completed|submitted|approved|signed|entered|checked)by$
    | executiveleader | ^(class|form)?teachers?(name)?$ | ^caretaker | ^clerk | ^bursar
    | ^trustees?(name)? | ^dob$ | date[ _]?of[ _]?birth | ^senco | designated[ _]?safeguarding
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: An e-mail address in a cell, with Rust's regular expressions as polars uses them.
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"


def names_people(column: str) -> bool:
    """Whether a column's name says that it holds a person's name or address."""
    joined = re.sub(r"[\s_().'’-]", "", column)
    return bool(_NAMES.search(column) or _NAMES.search(joined))
