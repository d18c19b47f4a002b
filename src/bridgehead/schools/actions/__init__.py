"""Writes of the register: partnerships, members, groups, and kept sets of similar schools."""

from bridgehead.schools.actions.groups import (
    Unfit,
    create_group,
    join_group,
    join_groups,
    leave_group,
    part_groups,
)
from bridgehead.schools.actions.kept import keep_similar
from bridgehead.schools.actions.members import (
    Added,
    BadRows,
    add_members,
    end_membership,
    look_over,
)
from bridgehead.schools.actions.register import (
    COPIED,
    Imported,
    create_partnership,
    import_register,
)

__all__ = [
    "COPIED",
    "Added",
    "BadRows",
    "Imported",
    "Unfit",
    "add_members",
    "create_group",
    "create_partnership",
    "end_membership",
    "import_register",
    "join_group",
    "join_groups",
    "keep_similar",
    "leave_group",
    "look_over",
    "part_groups",
]
