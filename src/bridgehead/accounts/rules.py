"""What a person may do: the permissions, and the Reader that holds a person's grants.

Pure Python. Roles (which permissions each has) are data: ``people/roles.yaml``.
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Everything that a route or an action can ask for. One enum for the whole site."""

    SEE_AREA = "see the area"
    SEE_PUBLISHED = "see published figures of every school"
    SEE_OWN_SCHOOL = "see everything held about the own school"
    SEE_EVERY_SCHOOL = "see direction, proposal and decision of every school in the partnership"
    REPLY_FOR_SCHOOL = "reply to a proposal for the own school"
    SEE_SUPPORT_REVIEW = "see the support review of the partnership"
    OPEN_SUPPORT_REVIEW = "open a support review and tell schools"
    JUDGE = "record a judgement and the resulting support"
    EXPORT_PROPOSALS = "download proposals as CSV"
    SUGGEST_SUPPORTERS = "see possible supporters"
    KEEP_SIMILAR = "keep a set of similar schools"
    SEE_DATA = "see releases and refusals"
    MANAGE_DATA = "be told what to load and withdraw at the terminal"
    MANAGE_PEOPLE = "invite and remove people"
    MANAGE_MEMBERS = "keep members and groups"
    MANAGE_OWN_PEOPLE = "invite and remove people of the own school"
    ASK_FOR_BUDDY = "ask for a buddy as a new head"
    NAME_BUDDY = "see which new heads ask for a buddy, and name one"
    SEE_AUDIT = "read the audit ledger"
    ANSWER_REQUESTS = "answer requests: hand people their data, erase them, make disclosures"


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission at one place. ``urn`` is None for the whole partnership."""

    permission: Permission
    urn: int | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is asking, frozen for one request: the person, the partnership, the role acted in, and
    the grants that this role gives. An anonymous reader has no grants."""

    user_id: int | None
    name: str
    partnership_id: int | None
    role: str
    role_label: str
    grants: frozenset[Grant]

    def can(self, permission: Permission, urn: int | None = None) -> bool:
        """Whether the reader holds a permission for the partnership, or for this one school."""
        return Grant(permission) in self.grants or (
            urn is not None and Grant(permission, urn) in self.grants
        )

    def can_somewhere(self, permission: Permission) -> bool:
        """Whether the reader holds a permission anywhere at all (what a route asks)."""
        return any(grant.permission is permission for grant in self.grants)

    def urns(self, permission: Permission) -> frozenset[int]:
        """The single schools at which the reader holds a permission."""
        return frozenset(
            g.urn for g in self.grants if g.permission is permission and g.urn is not None
        )


ANONYMOUS = Reader(None, "", None, "", "", frozenset())


class Denied(Exception):
    """The reader may not do this. ``code`` is for the log, ``reason`` for the person."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


#: Who acts when a command is run at the terminal of the machine itself.
COMMAND_LINE = Reader(None, "the command line", None, "command_line", "Command line", frozenset())

#: Who acts in accepting an invitation before there is a person. Never by the name in it, which
#: somebody else typed.
INVITED = Reader(None, "somebody who was invited", None, "", "", frozenset())

#: Every word that may stand for an actor who is no person.
NAMELESS = frozenset({COMMAND_LINE.name, INVITED.name})
