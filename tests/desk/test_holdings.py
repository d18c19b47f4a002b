"""What is loaded and what is not, by kind and year. Every figure is invented."""

from datetime import date
from pathlib import Path

from bridgehead.desk.queries.data import Line, State, holdings
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from tests.tidy_files import KS2, ks2_row, write


def line(store: Store, kind: str) -> Line:
    (one,) = [x for x in holdings(store, today=date(2026, 11, 24)).grid if x.kind == kind]
    return one


def test_the_older_and_todays_layout_of_a_kind_are_one_line(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    old = tmp_path / "2018-2019_990_ks2final_synthetic.csv"
    rows = ["RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP", "1,990,2001,900001,30,61%"]
    rows += ["4,,,,600000,65%", "5,,,,590000,65%"]
    old.write_text("\n".join(rows), encoding="utf-8")
    new = write(tmp_path / "ks2_synthetic.csv", KS2, [ks2_row(900001, "60")])
    assert {f.outcome.value for f in load([old, new], store=store).files} == {"loaded"}
    states = {cell.year: cell.state for cell in line(store, "ks2").cells}
    assert states[2018] is State.LOADED
    assert states[2024] is State.LOADED
    assert states[2023] is State.MISSING
    assert states[2019] is State.NOT_PUBLISHED
    kinds = {one.kind for one in holdings(store, today=date(2026, 11, 24)).grid}
    assert not {"ees_ks2", "ees_ks2_info", "ees_ks4", "ees_absence"} & kinds
    assert {"ees_suspensions", "ees_workforce"} <= kinds
