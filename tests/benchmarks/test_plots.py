"""The plots of the explanation are well-formed, say in words what they show, and hold no school."""

from xml.etree import ElementTree

from benchmarks.plots import KNOWN, MODEL, against, bars, main

SPACE = "{http://www.w3.org/2000/svg}"


def test_bars_have_a_text_alternative_and_mark_what_is_beyond_the_edge():
    drawn = bars("Errors", {"Reading": {MODEL: 0.8, KNOWN: 0.7, "eb": 0.9, "straight_line": 2.4}})
    tree = ElementTree.fromstring(drawn)
    said = tree.find(f"{SPACE}desc").text
    assert "model 0.80" in said
    assert "best other method 0.90" in said
    assert "→ 2.40" in drawn


def test_points_are_told_in_words():
    drawn = against("Said", "said", "happened", [(0.1, 0.12), (0.9, 0.88)], unit=1.0)
    assert "0.1: 0.12; 0.9: 0.88" in ElementTree.fromstring(drawn).find(f"{SPACE}desc").text


def test_without_the_files_nothing_is_drawn(tmp_path, capsys):
    main(["--data", str(tmp_path), "--folder", str(tmp_path / "plots")])
    assert "nothing was drawn" in capsys.readouterr().out
    assert not (tmp_path / "plots").exists()
