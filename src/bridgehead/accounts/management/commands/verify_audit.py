"""``bridgehead manage verify_audit``: is every line of the ledger as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bridgehead.accounts.actions import verify_chain
from bridgehead.accounts.models import AuditEntry


class Command(BaseCommand):
    """Names the first bad line of each ledger; exit code 1 where there is one."""

    help = "Check the audit ledger, line by line."

    def handle(self, *args: Any, **options: Any) -> None:
        if problems := verify_chain():
            raise CommandError("; ".join(problems))
        self.stdout.write(f"The ledger is whole: {AuditEntry.objects.count()} lines.")
