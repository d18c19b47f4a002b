"""Draw the plots of docs/explanation/how-direction-is-estimated.md from the published files.

``python -m benchmarks.plots`` loads ``../shared/data`` into a home of its own, foretells 2018/19
and 2022/23, and writes SVG into ``docs/explanation/plots``. Only figures over many schools are
drawn, never a school. Without the files beside the checkout nothing is drawn.
"""

import argparse
import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from benchmarks.simulate import measured, outcome, simulated
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.backtest import KNOWN, MODEL, foretell
from bridgehead.picture.scores import Band, Scores, scores

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
FOLDER = ROOT / "docs" / "explanation" / "plots"
INK, BLUE, TEAL, ORANGE = "#1d1d1b", "#12436D", "#28A197", "#F46A25"
WIDTH = 640
#: Bands of fewer schools are left out: their share is mostly chance. No share below the second is
#: told apart.
FEWEST_IN_A_BAND, LEAST_DRAWN = 45, 0.5
SHOWN = {
    "ks2.rwm_expected": "Reading, writing and maths",
    "ks2.reading_average": "Reading score",
    "ks2.maths_progress": "Maths progress",
    "ks4.attainment8": "Attainment 8",
}
METHODS = {
    KNOWN: "model, cohort known",
    MODEL: "model",
    "eb": "all years, by size",
    "shrunk_last": "last year, drawn in",
    "two_year_mean": "two-year mean",
    "last_year": "last year",
    "england_mean": "England’s mean",
    "straight_line": "straight line",
}


def page(title: str, words: str, height: int, marks: Sequence[str]) -> str:
    """An SVG with its title and its text alternative."""
    body = "\n  ".join(marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="t d" font-family="sans-serif" font-size="13" fill="{INK}">\n'
        f'  <title id="t">{escape(title)}</title>\n  <desc id="d">{escape(words)}</desc>\n'
        f'  <rect width="{WIDTH}" height="{height}" fill="#fff"/>\n  {body}\n</svg>\n'
    )


def text(x: float, y: float, words: str, *, end: bool = False, bold: bool = False) -> str:
    """Words at a place, ending there with ``end``."""
    anchor = ' text-anchor="end"' if end else ""
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{anchor}{weight}>{escape(words)}</text>'


def bars(title: str, groups: dict[str, dict[str, float]]) -> str:
    """Ratios to last year's error, one block of bars a measure; 1 is marked."""
    marks, said, y = [text(8, 22, title, bold=True)], [], 48
    left, scale = 190, (WIDTH - 190 - 60) / 2.0
    for name, ratios in groups.items():
        marks.append(text(8, y, name, bold=True))
        y += 8
        for method, ratio in sorted(ratios.items(), key=lambda one: one[1]):
            colour = BLUE if method in (MODEL, KNOWN) else TEAL
            wide = min(ratio, 2.0) * scale
            marks.append(text(left - 8, y + 12, METHODS[method], end=True))
            marks.append(
                f'<rect x="{left}" y="{y}" width="{wide:.1f}" height="15" fill="{colour}"/>'
            )
            beyond = "→ " if ratio > 2 else ""
            marks.append(text(left + wide + 6, y + 12, f"{beyond}{ratio:.2f}"))
            y += 19
        y += 24
        best = min((r, m) for m, r in ratios.items() if m not in (MODEL, KNOWN))
        said.append(f"{name}: model {ratios[MODEL]:.2f}, best other method {best[0]:.2f}.")
    one = left + scale
    marks.append(
        f'<line x1="{one:.1f}" x2="{one:.1f}" y1="40" y2="{y - 24}" stroke="{INK}" '
        'stroke-dasharray="3 3"/>'
    )
    return page(title, " ".join(said), y, marks)


def against(
    title: str, across: str, up: str, points: Sequence[tuple[float, float]], *, unit: float
) -> str:
    """Points beside the line on which both are equal; both axes run over the same values, from
    ``-unit`` or 0 to ``unit``."""
    low = -unit if min(min(p) for p in points) < 0 else 0.0
    size, left, top = 400, 90, 40

    def at(value: float) -> float:
        return (value - low) / (unit - low) * size

    marks = [text(8, 22, title, bold=True)]
    marks.append(
        f'<rect x="{left}" y="{top}" width="{size}" height="{size}" fill="none" stroke="#bbb"/>'
    )
    marks.append(
        f'<line x1="{left}" y1="{top + size}" x2="{left + size}" y2="{top}" stroke="{INK}" '
        'stroke-dasharray="3 3"/>'
    )
    for tick in np.linspace(low, unit, 5):
        marks.append(text(left + at(tick) - 8, top + size + 18, f"{tick:g}"))
        marks.append(text(left - 8, top + size - at(tick) + 4, f"{tick:g}", end=True))
    marks.append(text(left, top + size + 40, f"across: {across}"))
    marks.append(text(left, top + size + 58, f"up: {up}"))
    marks += [
        f'<circle cx="{left + at(x):.1f}" cy="{top + size - at(y):.1f}" r="6" fill="{ORANGE}"/>'
        for x, y in points
    ]
    said = "; ".join(f"{x:.2g}: {y:.2g}" for x, y in points)
    return page(title, f"{across} and {up}: {said}.", top + size + 74, marks)


def held(title: str, groups: dict[str, Sequence[Band]]) -> str:
    """The share of figures that the 80 % intervals held, by pupils in the cohort: a dot for each
    band of enough schools, on a bar of what a right interval would hold (two standard errors)."""
    marks, said, y = [text(8, 22, title, bold=True)], [], 48
    left, wide = 190, WIDTH - 190 - 110
    top = y - 8

    def at(share: float) -> float:
        return left + (min(max(share, LEAST_DRAWN), 1.0) - LEAST_DRAWN) / (1 - LEAST_DRAWN) * wide

    for name, bands in groups.items():
        enough = [band for band in bands if band.n >= FEWEST_IN_A_BAND]
        if not enough:
            continue
        marks.append(text(8, y, name, bold=True))
        y += 8
        for band in enough:
            pupils = (
                f"{band.least} or more" if band.most is None else f"{band.least} to {band.most}"
            )
            error = 2 * float(np.sqrt(0.8 * 0.2 / band.n))
            low, high = at(0.8 - error), at(0.8 + error)
            colour = BLUE if abs(band.coverage80 - 0.8) <= error else ORANGE
            marks.append(text(left - 8, y + 12, f"{pupils} pupils", end=True))
            marks.append(
                f'<rect x="{low:.1f}" y="{y + 3}" width="{high - low:.1f}" height="10" '
                'fill="#d5e8e6"/>'
            )
            marks.append(
                f'<circle cx="{at(band.coverage80):.1f}" cy="{y + 8}" r="5" fill="{colour}"/>'
            )
            told = f"{100 * band.coverage80:.0f} % of {band.n:,}"
            marks.append(text(left + wide + 12, y + 12, told))
            said.append(f"{name}, {pupils} pupils: {told}.")
            y += 19
        y += 24
    for share in (0.6, 0.8, 1.0):
        marks.append(text(at(share) - 12, y, f"{100 * share:.0f} %"))
    marks.append(
        f'<line x1="{at(0.8):.1f}" x2="{at(0.8):.1f}" y1="{top}" y2="{y - 16}" stroke="{INK}" '
        'stroke-dasharray="3 3"/>'
    )
    return page(title, " ".join(said), y + 12, marks)


def successive(folder: Path) -> list[tuple[float, float]]:
    """Mean change of the second year by fifths of the change of the first, RWM expected."""
    figures: dict[str, dict[int, float]] = {}
    for year in (2016, 2017, 2018):
        path = next(folder.glob(f"{year}-{year + 1}_*_ks2final.csv"))
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                cell = (row["PTRWM_EXP"] or "").rstrip("%")
                if row["RECTYPE"] == "1" and cell.isdigit():
                    figures.setdefault(row["LEA"] + row["ESTAB"], {})[year] = float(cell)
    whole = np.array(
        [[one[y] for y in (2016, 2017, 2018)] for one in figures.values() if len(one) == 3]
    )
    change = np.diff(whole - whole.mean(axis=0), axis=1)
    order = np.array_split(np.argsort(change[:, 0], kind="stable"), 5)
    return [(float(change[part, 0].mean()), float(change[part, 1].mean())) for part in order]


def ratios(found: Scores) -> dict[str, float]:
    """The ratios that are drawn."""
    return {name: value for name, value in found.ratio.items() if value == value}


def draw(data: Path, folder: Path) -> list[Path]:
    """Write every plot and give their paths."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        load([data / name for name in ("ks2", "ks4", "ks5")], store=Store(home))
        found = {
            words: scores(foretell(home, key, target=2018, areas=["936"]))
            for key, words in SHOWN.items()
        }
        found["A level points (England)"] = scores(foretell(home, "ks5.alevel_points", target=2022))
    told = measured([outcome(*simulated(8.0, schools=20_000))])
    plots = {
        "errors.svg": bars(
            "Error of each forecast, last year’s figure = 1",
            {name: ratios(one) for name, one in found.items()},
        ),
        "coverage.svg": held(
            "Figures that the 80 % interval held, by size of cohort",
            {name: one.bands for name, one in found.items()},
        ),
        "reliability.svg": against(
            "Said and happened, 20,000 invented schools",
            "probability that was said",
            "share that did rise",
            [(band.said, band.happened) for band in told.tenths],
            unit=1.0,
        ),
        "successive-changes.svg": against(
            "What goes up comes down: two changes of the same schools",
            "change 2016/17 to 2017/18, points (mean of a fifth)",
            "change 2017/18 to 2018/19, points",
            successive(data / "ks2"),
            unit=25.0,
        ),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in plots.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in plots]


def main(argv: list[str] | None = None) -> None:
    """Draw, or say why nothing is drawn."""
    parser = argparse.ArgumentParser(prog="benchmarks.plots", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--json", action="store_true", help="paths as JSON")
    args = parser.parse_args(argv)
    if not (args.data / "ks2").is_dir():
        print("plots: no published files are beside this checkout; nothing was drawn.")
        return
    for path in draw(args.data, args.folder):
        print(path.name)


if __name__ == "__main__":
    main()
