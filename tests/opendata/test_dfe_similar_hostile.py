"""Files of inputs that contradict themselves or hold what is no URN are refused, not guessed at."""

import pytest

from bridgehead.core.errors import Refused
from bridgehead.opendata.dfe_similar import read_inputs


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("urn.csv", "URN,A\n99999999999999999999999,1\n", "no URN"),
        ("long.csv", "URN,A\n" + "9" * 5000 + ",1\n", "no URN"),
        ("urn.json", '[{"URN": 99999999999999999999999, "A": 1}]', "no URN"),
        ("twice.csv", "URN,A,A\n100000,1,2\n", "stands twice"),
        ("twice.json", '[{"URN": 100000, "A": 1, "A": 2}]', "stands twice"),
        ("longer.csv", "URN,A\n100000,1,2\n", "3 cells under 2 columns"),
        ("shorter.csv", "URN,A,B\n100000,1\n", "2 cells under 3 columns"),
    ],
)
def test_a_hostile_file_of_inputs_is_refused(name, text, said, tmp_path):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(Refused, match=said):
        read_inputs(path)
