"""What holds of schools and groups without any database."""

from enum import StrEnum


class GroupKind(StrEnum):
    """The kinds of group that schools form."""

    CLUSTER = "cluster"
    DISTRICT = "district"
    PYRAMID = "pyramid"
    TRUST = "trust"
    FAMILY = "family"
