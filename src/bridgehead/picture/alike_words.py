"""What is expected of a school, and how good its match is, in sentences."""

from bridgehead.core.years import label
from bridgehead.measures.model import High, Measure
from bridgehead.picture.model import Expectation, Match, Standing

#: In a hundred schools of the kind, how many are matched less closely: the least for each word.
CLOSE, USUAL = 75.0, 25.0


def expectation_words(one: Expectation, measure: Measure, group: str = "all") -> str:
    """The verdict first: where the school's figure stands, then what was to be expected."""
    low, high = measure.format(one.low, group), measure.format(one.high, group)
    subject = measure.title
    if group != "all":
        subject = f"{subject}, {measure.groups[group].label}"
    like = f"of schools like this one four in five are expected to have {low} to {high}"
    if one.value is None or one.standing is None:
        return f"{subject} in {label(one.year)} has no figure here; {like}."
    stands = _stands(one.standing, measure.high)
    here = measure.format(one.value, group)
    return f"{subject} in {label(one.year)} is {stands}: {here} here, and {like}."


def _stands(standing: Standing, high: High) -> str:
    if standing is Standing.IN_LINE or high is High.NEITHER:
        return standing.value
    better = (standing is Standing.ABOVE) == (high is High.BETTER)
    return f"{standing.value}, which is {'better' if better else 'worse'}"


def rests_on(one: Expectation) -> str:
    """On how many schools an expectation rests, and on which."""
    if one.stand_in:
        return (
            f"Few of the similar schools have this figure, since it is loaded for {one.schools:,} "
            f"schools of this kind only: the {one.near} most similar of those stand in for them."
        )
    return f"It rests on {one.near} similar schools and on all {one.schools:,} of this kind."


def match_words(match: Match) -> str:
    """How good a match is, in words and as a figure."""
    if match.looser >= CLOSE:
        quality = "a closer match than is usual"
    elif match.looser >= USUAL:
        quality = "about as close a match as is usual"
    else:
        quality = "a looser match than is usual, so read comparisons with care"
    return (
        f"The {match.found} similar schools are {quality}: {match.distance:.2f} away on average, "
        f"where {match.usual:.2f} is usual for schools of this kind, and closer than in "
        f"{round(match.looser)} of 100 of them. {match.known} of {match.inputs} facts are known."
    )
