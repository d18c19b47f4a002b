"""The kinds of member and of group, and the ways in which similar schools are found."""

from enum import StrEnum


class MemberKind(StrEnum):
    """What a member of a partnership is."""

    MAINTAINED = "maintained school"
    ACADEMY = "academy"
    INDEPENDENT = "independent school"
    SPECIAL = "special school"
    NURSERY = "nursery school"
    ALTERNATIVE = "alternative provision"
    COLLEGE = "college"
    UNIVERSITY = "university"
    PRISON = "prison education"
    AUTHORITY = "local authority"
    TRUST = "trust"
    DIOCESE = "diocese"
    HUB = "teaching school hub"
    CHARITY = "charity"
    EMPLOYER = "employer"
    OTHER = "other school"

    @property
    def teaches(self) -> bool:
        """Whether it has pupils or students, and so heads, governors and staff."""
        return self not in {
            MemberKind.AUTHORITY,
            MemberKind.TRUST,
            MemberKind.DIOCESE,
            MemberKind.HUB,
            MemberKind.CHARITY,
            MemberKind.EMPLOYER,
        }


def kind_of(type_group: str, phase: str, type_name: str) -> MemberKind:
    """The kind of a school of the register. What it is for goes before who runs it: a special
    academy is a special school."""
    name = type_name.lower()
    if "secure" in name or "prison" in name:
        return MemberKind.PRISON
    if phase == "special" or "special" in name:
        return MemberKind.SPECIAL
    if phase == "nursery":
        return MemberKind.NURSERY
    if phase == "alternative provision":
        return MemberKind.ALTERNATIVE
    if "higher education" in name:
        return MemberKind.UNIVERSITY
    by_group = {
        "maintained": MemberKind.MAINTAINED,
        "academy": MemberKind.ACADEMY,
        "independent": MemberKind.INDEPENDENT,
        "college": MemberKind.COLLEGE,
    }
    return by_group.get(type_group, MemberKind.OTHER)


class GroupKind(StrEnum):
    """The kinds of group that schools form."""

    CLUSTER = "cluster"
    DISTRICT = "district"
    PYRAMID = "pyramid"
    TRUST = "trust"
    FAMILY = "family"
    JOINT = "joint"

    @property
    def label(self) -> str:
        """The kind in words."""
        return {"pyramid": "pyramid or catchment", "joint": "groups that have joined"}.get(
            self.value, self.value
        )


class SimilarMethod(StrEnum):
    """The ways in which similar schools are found."""

    BRIDGEHEAD = "bridgehead"
    DFE = "dfe"
