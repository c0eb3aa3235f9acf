"""No part that changes something can be built without the trail."""

import inspect
from importlib import import_module
from pathlib import Path

import morina

SOURCE = Path(morina.__file__).parent


def parts_that_enter() -> dict[str, inspect.Parameter]:
    """Every adapter that takes a trail, by its name, with that parameter."""
    found = {}
    for file in SOURCE.rglob("adapters/*.py"):
        module = ".".join(("morina", *file.relative_to(SOURCE).with_suffix("").parts))
        for name, part in vars(import_module(module)).items():
            if inspect.isclass(part) and part.__module__ == module and "__init__" in vars(part):
                parameters = inspect.signature(part.__init__).parameters
                if "trail" in parameters:
                    found[name] = parameters["trail"]
    return found


def test_every_part_that_changes_something_wants_the_trail() -> None:
    found = parts_that_enter()
    assert found.keys() >= {
        "PostgresHotlists", "PostgresClonedPlates", "PostgresAlerts", "PostgresForgetting",
        "PostgresCameras", "PostgresPushing", "PostgresMatters",
    }  # fmt: skip
    for name, trail in found.items():
        assert trail.default is inspect.Parameter.empty, name
        assert "None" not in str(trail.annotation), name


def test_the_product_has_no_trail_that_enters_nothing() -> None:
    named = [file.name for file in SOURCE.rglob("*.py") if "NoTrail" in file.read_text()]
    assert named == []
