"""``bridgehead manage seal_views``: seals who saw what, batch by batch."""

from typing import Any

from django.core.management.base import BaseCommand

from bridgehead.accounts.audit.sightings import partnerships_to_seal, seal_views


class Command(BaseCommand):
    """For a timer. Where nothing is new it writes nothing."""

    help = "Seal the sightings of protected pages that are in no batch yet."

    def handle(self, *args: Any, **options: Any) -> None:
        count = sum(seal_views(partnership) for partnership in partnerships_to_seal())
        self.stdout.write(f"{count} sightings sealed.")
