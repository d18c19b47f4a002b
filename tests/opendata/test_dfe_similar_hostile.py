"""Files of inputs that contradict themselves or hold what is no URN are refused, not guessed at."""

import numpy as np
import pytest

from bridgehead.core.errors import Refused
from bridgehead.opendata.dfe_similar import read_inputs
from bridgehead.picture import dfe


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("urn.csv", "URN,A\n99999999999999999999999,1\n", "no URN"),
        ("long.csv", "URN,A\n" + "9" * 5000 + ",1\n", "no URN"),
        ("urn.json", '[{"URN": 99999999999999999999999, "A": 1}]', "no URN"),
        ("arabic.csv", "URN,A\n١٠٠٠٠٠,1\n", "row 2, column URN, value .*no URN"),
        ("semicolons.csv", "URN;A\n100000;1\n", "row 2, column URN.*no URN"),
        ("twice.csv", "URN,A,A\n100000,1,2\n", "row 2, column A: .*stands twice"),
        ("spelt.csv", "URN,PP perc,PPPerc\n100000,1,2\n", "column PPPerc: .*stands twice"),
        ("twice.json", '[{"URN": 100000, "A": 1, "A": 2}]', "row 1, column A: .*stands twice"),
        ("longer.csv", "URN,A\n100000,1,2\n", "row 2: .*3 cells under 2 columns"),
        ("shorter.csv", "URN,A,B\n100000,1\n", "row 2: .*2 cells under 3 columns"),
        ("two.csv", "URN,A\n100000,1\n\n100000,2\n", "row 4.*two rows, 2 and 4"),
        ("two.json", '[{"URN": 1}, {"URN": 2}, {"urn": 1}]', "row 3.*two rows, 1 and 3"),
        ("open.csv", 'URN,A\n100000,"1\n100001,2\n', "cannot be read"),
        ("one.json", '{"URN": 100000, "A": 1}', "one record, not a list"),
        ("mixed.json", '[{"URN": 100000}, 7]', "row 2, value '7'.*not of records"),
    ],
)
def test_a_hostile_file_of_inputs_is_refused(name, text, said, tmp_path):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(Refused, match=said):
        read_inputs(path)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('"many"', "many"),
        ('"inf"', "inf"),
        ("Infinity", "Infinity"),
        ("NaN", "NaN"),
        ("1e309", "1e309"),
        ("true", "True"),
        ("[1, 2]", "['1', '2']"),
        ("[]", "[]"),
        ('{"value": 3}', "(('value', '3'),)"),
        ('"١٢"', "١٢"),
        ('"1,2"', "1,2"),
    ],
)
def test_a_cell_that_is_no_number_is_named_by_whoever_reads_its_column(cell, shown, tmp_path):
    path = tmp_path / "inputs.json"
    path.write_text(f'[{{"URN": 100000, "A": 1, "B": 2}}, {{"URN": 100001, "A": {cell}}}]')
    inputs = read_inputs(path)
    inputs.check("b")  # a name or an address in a column that nobody asks for harms nothing
    with pytest.raises(Refused, match="Expected a number, or a code such as NA") as refused:
        inputs.check("a")
    one = refused.value
    assert (one.file, one.row, one.column, one.value) == (str(path), 2, "A", shown)
    assert one.remedy


def test_a_row_of_csv_is_counted_as_a_spreadsheet_does(tmp_path):
    path = tmp_path / "inputs.csv"
    path.write_text('URN,Name,A\n100000,"two\nlines",1\n,,\n100001,x,some\n')
    with pytest.raises(Refused, match="row 4, column A, value 'some'"):
        read_inputs(path).check("a")


def test_a_column_that_the_first_record_leaves_out_is_read_all_the_same(tmp_path):
    path = tmp_path / "inputs.json"
    path.write_text('[{"URN": 100000, "A": 1}, {"B": "4.5", "URN": 100001, "A": null}]')
    columns = read_inputs(path).columns
    assert [columns["a"][0], columns["b"][1]] == [1.0, 4.5]
    assert np.isnan([columns["a"][1], columns["b"][0]]).all()


def test_the_dfes_method_refuses_a_word_among_its_inputs(tmp_path):
    names = [one.column for one in dfe.methods()["primary"].inputs]
    path = tmp_path / "inputs.csv"
    rows = [["900001", "Hill", *"123456789"], ["900002", "Dale", *"1234", "many", *"6789"]]
    path.write_text("\n".join(",".join(row) for row in [["URN", "Name", *names], *rows]))
    with pytest.raises(Refused, match="row 3, column PercentEAL, value 'many'"):
        dfe.method_of(read_inputs(path))
