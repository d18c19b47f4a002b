"""Writes about people: appointments, invitations to them, and buddies for new heads."""

from bridgehead.people.actions.appointments import (
    Misplaced,
    NotHere,
    appoint,
    appoint_newcomer,
    end_appointment,
    send_first_password,
)
from bridgehead.people.actions.buddies import ask_for_buddy, name_buddy
from bridgehead.people.actions.invitations import (
    NotOpen,
    accept,
    deliver,
    invite,
    withdraw,
)

__all__ = [
    "Misplaced",
    "NotHere",
    "NotOpen",
    "accept",
    "appoint",
    "appoint_newcomer",
    "ask_for_buddy",
    "deliver",
    "end_appointment",
    "invite",
    "name_buddy",
    "send_first_password",
    "withdraw",
]
