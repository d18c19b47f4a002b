"""Get Information About Schools: which school came before or after which."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import DFE, names

GIAS_LINKS = Kind(
    key="gias_links",
    title="Get Information About Schools: links between schools",
    publisher=DFE,
    required=(("URN",), ("LinkURN",), ("LinkType",)),
    signature=("LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"),
    texts=names("URN LinkURN LinkName LinkType LinkEstablishedDate"),
    figures=frozenset(),
    timed_by_year=False,
    spills=True,
    dates=("linkestablisheddate",),
)
