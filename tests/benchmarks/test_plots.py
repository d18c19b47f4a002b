"""The plots of the explanation are well-formed, say in words what they show, and hold no school."""

from xml.etree import ElementTree

from benchmarks.plots import KNOWN, MODEL, ORANGE, against, bars, held, main
from bridgehead.picture.scores import Band

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


def test_what_intervals_held_is_drawn_by_band_and_what_is_beyond_chance_stands_out():
    bands = [
        Band(1, 20, 3, {}, 1.0),
        Band(21, 30, 100, {}, 0.82),
        Band(31, None, 1200, {}, 0.86),
    ]
    drawn = held("Held", {"Reading": bands})
    said = ElementTree.fromstring(drawn).find(f"{SPACE}desc").text
    assert (
        said == "Reading, 21 to 30 pupils: 82 % of 100. Reading, 31 or more pupils: 86 % of 1,200."
    )
    assert drawn.count("<circle") == 2
    assert drawn.count(f'r="5" fill="{ORANGE}"') == 1


def test_without_the_files_nothing_is_drawn(tmp_path, capsys):
    main(["--data", str(tmp_path), "--folder", str(tmp_path / "plots")])
    assert "nothing was drawn" in capsys.readouterr().out
    assert not (tmp_path / "plots").exists()
