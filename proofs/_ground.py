"""What the points of ``proofs.kills`` begin with: a partnership, its people, and reviews that wait
for a judgement (``python -m proofs._ground``, in a home with releases and a picture)."""

import os
from datetime import date, timedelta
from uuid import uuid4

import django


def main() -> None:
    """Write it all by the site's own actions."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    django.setup()
    from bridgehead.accounts.rules import COMMAND_LINE
    from bridgehead.core.home import home
    from bridgehead.monitoring import actions as monitoring
    from bridgehead.monitoring.models import Review
    from bridgehead.people.actions import appoint_newcomer
    from bridgehead.people.queries import reader_of
    from bridgehead.picture.picture import Picture
    from bridgehead.schools.actions import create_partnership, import_register

    picture = Picture.open(home())
    codes = sorted(set(picture.schools["la"].drop_nulls()))
    north = create_partnership(name="North", authority_codes=codes, by=COMMAND_LINE)
    import_register(picture=picture, partnership=north, by=COMMAND_LINE)
    for n in range(6):
        appointment = appoint_newcomer(
            name=f"Base {n}",
            email=f"base-{n}@base.example.org",
            role="administrator" if n else "broker",
            partnership=north,
            by=COMMAND_LINE,
        )
        if not n:
            broker = reader_of(appointment.person, north)
    opened = monitoring.open_round(
        partnership=north, name="Spring", picture=picture, token=uuid4(), by=broker
    )
    for review in opened.reviews.filter(outcome="priority support"):
        monitoring.tell(review=review, on=date.today(), how="a meeting", by=broker)
    monitoring.send(reviews=list(opened.reviews.all()), by=broker)
    Review.objects.update(reply_by=date.today() - timedelta(days=1))  # the days have passed


if __name__ == "__main__":
    main()
