"""``bridgehead similar``: what it prints and what it refuses."""

import json

import pytest

from bridgehead.cli.main import main

RWM = "ks2.rwm_expected"


@pytest.fixture
def urn(picture, synthetic_home, monkeypatch):
    """A school of the synthetic England with an expectation; its home is the command's."""
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    frame = picture.schools
    primaries = frame.filter(frame["phase"] == "primary")["urn"].to_list()
    told = ((u, picture.expected(RWM, u)) for u in primaries)
    return next(u for u, one in told if one is not None and one.value is not None)


def test_words_come_first_then_the_match_then_the_schools(urn, capsys):
    assert main(["similar", str(urn)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "of schools like this one four in five are expected to have" in said
    assert said.index("expected to have") < said.index("is usual for schools of this kind")


def test_json_holds_what_is_expected_the_match_and_every_difference(urn, picture, capsys):
    assert main(["similar", str(urn), "--measure", RWM, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    one, asked = found["expected"][RWM], picture.expected(RWM, urn)
    assert (one["low80"], one["expected"], one["high80"]) == (asked.low, asked.expected, asked.high)
    assert found["match"]["found"] == len(found["similar"]) == picture.match(urn).found
    assert found["inputs"]["pupils"]["difference"] == picture.match(urn).apart["pupils"].difference
    assert (found["method"], found["picture"]) == ("bridgehead", picture.digest)


def test_nothing_is_expected_of_what_schools_are_matched_on(urn, capsys):
    assert main(["similar", str(urn), "--measure", "census.pupils"]) == 1
    assert "matched on" in capsys.readouterr().err


def test_the_dfes_method_names_what_is_missing_and_approximates_nothing(urn, capsys):
    assert main(["similar", str(urn), "--method", "dfe"]) == 1
    said = capsys.readouterr()
    assert not said.out
    assert "IDACI" in said.err.split("Loaded files")[0]
    assert "POLAR4" in said.err.split("Loaded files")[0]
    assert "not put in its place" in said.err


def test_the_dfes_method_from_the_dfes_file_of_inputs(urn, capsys, tmp_path):
    columns = "URN PPPerc Polar4QuintilePupils PStability PercentSchSupport PercentEAL IdaciPupils"
    names = [*columns.split(), "PercentageStatementOrEhp", "NumberOfPupils", "Ks1PriorRwmAverage"]
    rows = [[str(900001 + n), *(str(10 + n) for _ in names[1:])] for n in range(3)]  # invented
    path = tmp_path / "inputs.csv"
    path.write_text("\n".join([",".join(names), *(",".join(row) for row in rows)]), "utf-8")
    words = ["similar", "900001", "--method", "dfe", "--inputs", str(path)]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["urn"] for one in found["similar"]] == [900002, 900003]
    assert found["similar"][1]["distance"] == pytest.approx(2 * found["similar"][0]["distance"])
    assert main(words) == 0
    assert "900003" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["999999"], "No loaded file speaks of a school"),
        (["--measure", "ks2.nothing"], "No loaded file holds a series"),
        (["--inputs", "some.csv"], "belongs to --method dfe"),
        (["--method", "dfe", "--measure", RWM], "expects nothing of a measure"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(urn, words, said, capsys):
    start = [] if words[0].isdigit() else [str(urn)]
    assert main(["similar", *start, *words]) == 1
    assert said in " ".join(capsys.readouterr().err.split())
