"""How proposals are made: the policy in force, in words."""

from django.http import HttpResponse

from bridgehead.accounts.access import SignedIn, needs
from bridgehead.measures.loader import series
from bridgehead.monitoring.queries import policy_in_force
from bridgehead.monitoring.rules import Outcome, Policy, Trend
from bridgehead.monitoring.rules.policy import KINDS
from bridgehead.monitoring.views.frame import page


@needs()
def how(request: SignedIn) -> HttpResponse:
    """Arms, clauses, measures, limits and support, all of them read from the policy."""
    policy = policy_in_force()
    context = {
        "policy": policy,
        "kinds": KINDS,
        "arms": [(o.value, [policy.holder(o, kind) for kind in KINDS]) for o in Outcome],
        "clauses": [(name, rule) for name, rule in policy.clauses.items()],
        "trends": [(t.value, policy.secure[t].value, policy.figures_alone[t].value) for t in Trend],
        "triggers": _triggers(policy),
    }
    return page(request, "how", context)


def _triggers(policy: Policy) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (phase, [(_title(t.series), t.aspect) for t in found])
        for phase, found in policy.triggers.items()
    ]


def _title(key: str) -> str:
    try:
        measure, group = series(key)
    except KeyError:
        return key
    return measure.title if group.key == "all" else f"{measure.title}: {group.label.lower()}"
