"""Writes about what is kept: deleting on time, erasing, handing out, the safeguarding contacts."""

from bridgehead.records.actions.contacts import set_contacts
from bridgehead.records.actions.deletion import Done, delete_due
from bridgehead.records.actions.erasure import Erased, erase_address, erase_person
from bridgehead.records.actions.handing_out import make_disclosure, make_person_file

__all__ = [
    "Done",
    "Erased",
    "delete_due",
    "erase_address",
    "erase_person",
    "make_disclosure",
    "make_person_file",
    "set_contacts",
]
