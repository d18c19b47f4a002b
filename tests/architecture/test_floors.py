"""The floors hold for foreign keys too: a string reference is not an import."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

ROOT = Path(__file__).parents[2]


def floors() -> dict[str, int]:
    """Package → how high its floor lies (0 is the ground), from the one layers contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["name"] == "The floors of the house")
    return {
        name.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for name in layer.split("|")
    }


def ours() -> list[type[Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("bridgehead.")]


def climbs(model: type[Model], heights: dict[str, int]) -> list[str]:
    """The foreign keys of a model that point at a higher floor than its own."""
    own = heights[model.__module__.split(".")[1]]
    return [
        f"{model.__name__}.{f.name} → {f.related_model.__name__}"
        for f in model._meta.get_fields()
        if isinstance(f, ForeignKey)
        and f.related_model.__module__.startswith("bridgehead.")
        and heights[f.related_model.__module__.split(".")[1]] > own
    ]


@pytest.mark.parametrize("model", ours(), ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_or_across(model: type[Model]) -> None:
    assert not climbs(model, floors())


def test_a_key_that_climbs_would_be_caught() -> None:
    upside_down = {name: -height for name, height in floors().items()}
    assert any(climbs(model, upside_down) for model in ours())


def test_every_package_stands_on_a_floor() -> None:
    packages = {p.parent.name for p in (ROOT / "src/bridgehead").glob("*/__init__.py")}
    assert packages == set(floors())
