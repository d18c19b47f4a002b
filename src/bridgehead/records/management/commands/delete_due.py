"""``bridgehead manage delete_due``: deletes what has had its time, and says so."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from bridgehead.records.actions import delete_due


class Command(BaseCommand):
    """For a timer, once a day. Where nothing is due it writes nothing."""

    help = "Delete or erase the records whose time is over, kind by kind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would go, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            done = delete_due()
            transaction.set_rollback(options["dry_run"])
        for each in done:
            kept = f"; {each.held} stay, others still refer to them" if each.held else ""
            self.stdout.write(f"{each.kind.name}, kept for {each.kind.keep}: {each.gone}{kept}")
        verb = "would go; nothing was changed" if options["dry_run"] else "are gone"
        self.stdout.write(f"{sum(each.gone for each in done)} records {verb}.")
