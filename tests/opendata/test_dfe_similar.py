"""The DfE's file of inputs for its similar schools. All rows here are invented."""

import json

import numpy as np
import pytest

from bridgehead.core.errors import Refused
from bridgehead.opendata.dfe_similar import read_inputs


def test_json_and_csv_read_alike(tmp_path):
    as_json, as_csv = tmp_path / "a.json", tmp_path / "a.csv"
    rows = [{"URN": "900001", "PPPerc": "12.5"}, {"URN": "900002", "PPPerc": "NA"}]
    as_json.write_text(json.dumps(rows), encoding="utf-8")
    as_csv.write_text("urn,pp_perc\n900001,12.5\n900002,NA\n", encoding="utf-8-sig")
    for path in (as_json, as_csv):
        found = read_inputs(path)
        assert found.urns.tolist() == [900001, 900002]
        assert found.columns["ppperc"][0] == 12.5
        assert np.isnan(found.columns["ppperc"][1])  # a code is not nought


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2]", "not of records"),
        ('[{"URN": "900001"', "cannot be read"),
        ("[]", "no schools"),
        ("", "no schools"),
        ('[{"URN": "none"}]', "no URN"),
        ('[{"URN": "900001"}, {"URN": "900001"}]', "two rows"),
    ],
)
def test_what_is_no_file_of_inputs_is_refused_in_words(tmp_path, text, words):
    path = tmp_path / "inputs.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=words):
        read_inputs(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="no such file"):
        read_inputs(tmp_path / "nothing.json")
