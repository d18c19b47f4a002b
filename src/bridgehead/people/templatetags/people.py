"""What the table of roles says, in the words of a page."""

import re

from django import template

from bridgehead.accounts.rules import Permission
from bridgehead.people.rules import roles, roles_with
from bridgehead.web.words import listed

register = template.Library()


@register.simple_tag
def who_holds(permission: str) -> str:
    """The roles that hold a permission (the name of a ``Permission``), as the table of roles has
    them today: ``authority officers, partnership brokers and partnership directors``. A page that
    says who can see it says so by this, so that it cannot fall behind the table."""
    return listed([_several(roles()[key].label) for key in roles_with(Permission[permission])])


def _several(label: str) -> str:
    """``Chair of governors`` → ``chairs of governors``."""
    return re.sub(r"(?= (?:of|to) )|$", "s", label[:1].lower() + label[1:], count=1)
