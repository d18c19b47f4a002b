"""The limits and weights, from YAML, typed and frozen."""

from importlib.resources import files

from bridgehead.brokerage.rules import Policy
from bridgehead.core.fields import Fields, parse_yaml, read_text
from bridgehead.core.home import home

OVERRIDE = "brokerage.yaml"


def load_policy() -> Policy:
    """The partnership's ``$BRIDGEHEAD_HOME/brokerage.yaml``, else the policy that ships.

    Raises ``Refused`` naming the field when the file cannot be used.
    """
    override = home() / OVERRIDE
    if override.is_file():
        return read_policy(read_text(override), file=override.name)
    shipped = files("bridgehead.brokerage") / "policy.yaml"
    return read_policy(shipped.read_text(encoding="utf-8"), file="policy.yaml")


def read_policy(text: str, *, file: str) -> Policy:
    """Read and check the text of a policy file."""
    found = Fields(parse_yaml(text, file=file), file=file)
    grades = found.within("area_grades")
    if not grades.content:
        found.refuse("area_grades", "no grade is listed.", "List at least one.")
    policy = Policy(
        version=found.whole("version", at_least=1),
        travel_limit_km=found.between("travel_limit_km", 0),
        points_per_km=found.between("points_per_km", 0),
        least_shared_years=found.whole("least_shared_years", at_least=0),
        first_shown=found.whole("first_shown", at_least=1),
        area_grades={str(grade): grades.between(grade, 0, 1) for grade in grades.content},
        similarity_when_unknown=found.between("similarity_when_unknown", 0, 1),
        least_share=found.between("least_share", 0, 1),
        oldest_figure_years=found.whole("oldest_figure_years", at_least=0),
        context=found.words("context", required=False),
    )
    found.done()
    return policy
