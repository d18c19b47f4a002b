"""Overall grades and inspection dates by URN, gathered from Ofsted; not Ofsted's own layout."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import names

OFSTED_HISTORY = Kind(
    key="ofsted_history",
    title="Ofsted rating history",
    publisher="Ofsted",
    required=(("URN",), ("Rating",), ("Inspection Date",)),
    signature=("Rating", "Inspection Date"),
    texts=names("URN InspectionDate"),
    words=names("Rating"),
    figures=frozenset(),
    timed_by_year=False,
    dates=("inspectiondate",),
)
