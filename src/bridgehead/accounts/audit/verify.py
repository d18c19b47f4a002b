"""Is everything as it was written? Finds, in each ledger, the first thing that is not.

Runs while people work: lines that are added meanwhile are no alarm, because the heads are read
before the lines and once more after them. The database may be ahead of the file of heads by whole
lines (a machine can stop between the two writes) but never behind it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from bridgehead.accounts.audit import heads, keys, people, sightings
from bridgehead.accounts.audit.ledger import digest_of
from bridgehead.accounts.audit.models import AuditEntry, AuditHead, AuditView, Pseudonym

#: Sightings wait so long for the job that seals them before it is said that nothing seals them.
LONGEST_UNSEALED = timedelta(days=1)

_STRANGE = (
    "has been changed, or was sealed with a key that is not here ({}): if the key was changed, put "
    "the old one behind the new one in AUDIT_KEY"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one ledger: how many lines it has, up to which line the file outside the
    database knows it, how many sightings there are, how many of them are in no batch yet, how many
    more were deleted when their time was over, and the first thing that is wrong ("" where nothing
    is)."""

    ledger: int
    lines: int
    outside: int
    views: int
    unsealed: int
    deleted: int
    problem: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a line says of the sightings that it sealed, and when it did."""

    views: int | None
    key: str
    seal: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Deletion:
    """What line ``number`` says of sightings deleted on time: those of every batch up to line
    ``through``, which were ``views`` in number and kept for ``kept_days``."""

    number: int
    through: int
    views: int
    kept_days: int
    at: datetime


@dataclass
class _Read:
    """What the lines of one ledger said, for the checks that follow."""

    count: int = 0
    last: str = ""
    batches: dict[int, _Batch] = field(default_factory=dict)
    deletions: list[_Deletion] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


def verify() -> tuple[list[Checked], str]:
    """Every ledger in order, and the first problem with the table of pseudonyms, or ""."""
    before = set(Pseudonym.objects.values_list("pk", flat=True))
    found, named, erased = [], set[str](), set[str]()
    for ledger in _ledgers():
        checked, read = _check(ledger)
        found.append(checked)
        named |= read.people
        erased |= read.erased
    return found, _people(named, erased, before)


def verify_chain() -> list[str]:
    """What is wrong: the first problem of each ledger and of the pseudonyms; nothing when all is
    whole."""
    ledgers, people_problem = verify()
    said = [f"ledger {one.ledger}: {one.problem}" for one in ledgers if one.problem]
    return [*said, f"people: {people_problem}"] if people_problem else said


def _ledgers() -> list[int]:
    """Every ledger that anything speaks of: a line, a head, a file, a sighting."""
    found = heads.ledgers()
    for model in (AuditEntry, AuditHead, AuditView):
        rows = model._default_manager.order_by()
        found |= set(rows.values_list("partnership_id", flat=True).distinct())
    return sorted(found)


def _check(ledger: int) -> tuple[Checked, _Read]:
    outside, head = heads.read(ledger), _head(ledger)
    read = _Read()
    problem = _lines(ledger, outside, read) or _ends(ledger, outside, head, read)
    problem = problem or _deletions(read) or _views(ledger, read)
    rows = AuditView.objects.filter(partnership_id=ledger)
    checked = Checked(
        ledger=ledger,
        lines=read.count,
        outside=outside.newest,
        views=rows.count(),
        unsealed=rows.filter(batch=None).count(),
        deleted=sum(one.views for one in read.deletions),
        problem=problem,
    )
    return checked, read


def _lines(ledger: int, outside: heads.Heads, read: _Read) -> str:
    """The first line that is not as it was written; gathers what the lines say."""
    for entry in AuditEntry.objects.filter(partnership_id=ledger).order_by("number").iterator(2000):
        n = read.count + 1
        if entry.number != n:
            return f"line {n} is missing"
        if entry.previous != read.last:
            return f"line {n} does not follow the line before it"
        if not keys.known(entry.key):
            return f"line {n} {_STRANGE.format(entry.key)}"
        if not keys.same(digest_of(entry), entry.digest):
            return f"line {n} has been changed"
        if not keys.same(outside.digests.get(n, entry.digest), entry.digest):
            return f"line {n} is another than the one that was written down outside the database"
        read.count, read.last = n, entry.digest
        named = {entry.actor, entry.object_id, str(entry.details.get("person", ""))}
        read.people |= {word for word in named if word.startswith(people.PREFIX)}
        if entry.verb == sightings.SEALED and entry.object_kind == sightings.KIND:
            said = entry.details
            read.batches[n] = _Batch(
                said.get("views"), str(said.get("key")), str(said.get("seal")), entry.at
            )
        elif entry.verb == sightings.DELETED and entry.object_kind == sightings.KIND:
            said = entry.details
            through, views, kept = entry.object_id, said.get("views"), said.get("kept_days")
            read.deletions.append(_Deletion(n, int(through), int(views), int(kept), entry.at))
        elif entry.verb == people.ERASED:
            read.erased.add(entry.object_id)
    return ""


def _ends(ledger: int, outside: heads.Heads, head: AuditHead, read: _Read) -> str:
    """Whether the end of the ledger has been cut off, or its head changed."""
    if outside.unreadable:
        return f"line {outside.unreadable} of the file outside the database cannot be read"
    if read.count < outside.newest:
        return (
            f"it ends at line {read.count}, but line {outside.newest} was written down outside "
            "the database"
        )
    if read.count < head.count:
        return f"it ends at line {read.count} but {head.count} were written"
    now = _head(ledger)
    if now.count < read.count:
        return f"it ends at line {read.count} but {now.count} were written"
    if now.count == read.count and now.digest != read.last:
        return f"its head does not agree with line {read.count}"
    return ""


def _deletions(read: _Read) -> str:
    """The first line that tells of sightings deleted before their time, or of others than there
    were."""
    before = 0
    for one in read.deletions:
        last = read.batches.get(one.through)
        if last is None or one.through > one.number:
            return (
                f"line {one.number} tells that the sightings of line {one.through} were deleted, "
                "which sealed none"
            )
        kept = max(sightings.LEAST_KEPT, timedelta(days=one.kept_days))
        if one.at - last.at < kept:
            return (
                f"line {one.number} tells that the sightings of line {one.through} were deleted, "
                f"which was before their time: they are kept for {kept.days} days"
            )
        were = sum(b.views or 0 for n, b in read.batches.items() if before < n <= one.through)
        if were != one.views:
            return (
                f"line {one.number} tells that {one.views} sightings were deleted, but {were} had "
                "been sealed"
            )
        before = one.through
    return ""


def _views(ledger: int, read: _Read) -> str:
    """The first sighting that is not as it was kept, and the first batch that is not whole."""
    found: dict[int, list[str]] = {batch: [] for batch in read.batches}
    oldest = timezone.now() - LONGEST_UNSEALED
    rows = AuditView.objects.filter(partnership_id=ledger).order_by("at", "id")
    waiting = None
    for row in rows.iterator(2000):
        if not keys.known(row.key) or not keys.same(sightings.digest_of_view(row), row.digest):
            return f"{_telling(row)} has been changed"
        read.people.add(row.actor)
        if row.batch is None:
            waiting = waiting or row
        elif row.batch in found:
            found[row.batch].append(row.digest)
        elif row.batch <= read.count or row.batch > _head(ledger).count:
            return f"{_telling(row)} says that line {row.batch} seals it, which it does not"
    if problem := _batches(found, read):
        return problem
    if waiting is not None and waiting.at < oldest:
        return f"{_telling(waiting)} is in no batch yet; run: bridgehead manage seal_views"
    return ""


def _batches(found: dict[int, list[str]], read: _Read) -> str:
    """The first batch that is not whole, nor gone whole when its time was over. ``found`` holds the
    seals of the sightings that are there, by batch."""
    gone = max((one.through for one in read.deletions), default=0)
    for batch, said in sorted(read.batches.items()):
        if batch <= gone:
            if found[batch]:
                return f"a sighting that line {batch} sealed is there, though it had been deleted"
            continue
        if len(found[batch]) != said.views:
            return (
                f"line {batch} sealed {said.views} sightings, but {len(found[batch])} of them are "
                "there"
            )
        seal = sightings.digest_of_batch(said.key, found[batch]) if keys.known(said.key) else ""
        if not keys.same(seal, said.seal):
            return f"the sightings that line {batch} sealed are not the same any more"
    return ""


def _people(named: Iterable[str], erased: set[str], before: set[str]) -> str:
    """The first pseudonym that does not lead where it led, or every one that leads nowhere though
    nobody was erased: of the person who did something, or of whom it is told."""
    known = set(before)
    for row in _pseudonyms():
        said = [row.pk, row.person_id]
        if not keys.known(row.key):
            return f"{row.pk} {_STRANGE.format(row.key)}"
        if not keys.same(keys.seal(row.key, said), row.digest):
            return f"{row.pk} has been made to lead to another person"
        known.add(row.pk)
    lost = [
        word
        for word in sorted(set(named) - known - erased)
        if word.startswith(people.PREFIX) and not people.erased(word)
    ]
    if not lost:
        return ""
    if len(lost) == 1:
        return f"{lost[0]} leads to nobody, and no line tells that the person was erased"
    return f"{', '.join(lost)} lead to nobody, and no line tells that the people were erased"


def _pseudonyms() -> Iterator[Pseudonym]:
    return Pseudonym.objects.order_by("pk").iterator(2000)


def _head(ledger: int) -> AuditHead:
    found = AuditHead.objects.filter(partnership_id=ledger).first()
    return found or AuditHead(partnership_id=ledger)


def _telling(row: AuditView) -> str:
    return f"sighting {row.id} of {row.at:%d %B %Y, %H:%M}"
