"""What people of a demo say: invented, like the people."""

from bridgehead.monitoring.models import View
from bridgehead.monitoring.rules import Outcome

#: What a head says to each proposal: view, reply, where help is wanted. A second school of the same
#: proposal says the second.
REPLIES = {
    Outcome.PRIORITY: (
        (
            View.AGREES,
            "We recognise this. A plan for reading is agreed with our governors, and help with "
            "leadership of the middle years would be welcome.",
            "Leadership",
        ),
    ),
    Outcome.BROKER: (
        (
            View.DISAGREES,
            "Several pupils joined the newest cohort in its last year. Our own tracking of the "
            "year below shows a different picture.",
            "",
        ),
        (
            View.PARTLY,
            "Much of this is fair, but for part of these years we had an acting head. Help with "
            "what the inspection named would be welcome.",
            "Subject leadership",
        ),
    ),
    Outcome.KEEP_IN_TOUCH: (
        (View.AGREES, "This fits what we see ourselves. A visit once a term suits us well.", ""),
    ),
    Outcome.CELEBRATE: (
        (
            View.AGREES,
            "Thank you: staff and governors are glad of this. Two of our middle leaders could give "
            "a day a fortnight to another school.",
            "",
        ),
    ),
    Outcome.TALK: (
        (
            View.PARTLY,
            "The figures and the inspection look at different years, so they do say different "
            "things. We would gladly talk it through.",
            "",
        ),
    ),
    Outcome.TOO_LITTLE: (
        (View.AGREES, "Too little is published about us yet. Our own figures can be seen.", ""),
    ),
}
#: Judged otherwise than proposed, after a reply that disagrees: what is judged, and why.
OTHERWISE = (
    Outcome.KEEP_IN_TOUCH,
    "Visited this month: the school's own tracking was looked at pupil by pupil and bears out its "
    "reply. Looked at again in the spring.",
)
