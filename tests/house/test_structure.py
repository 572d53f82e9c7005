"""The folders, the contracts, the settings and the map tell the same story."""

import ast
import re

from django.conf import settings

from tests.house import source

FLOORS = ("foundation", "intake", "operations", "outcomes", "reporting")


def contract(name: str) -> dict:
    contracts = source.project()["tool"]["importlinter"]["contracts"]
    return next(entry for entry in contracts if entry["name"] == name)


def order_of(name: str) -> list[set[str]]:
    """The layers of a contract, lowest first, each as the set of its names."""
    layers = [re.findall(r"[a-z_]+", layer) for layer in contract(name)["layers"]]
    return [set(layer) for layer in reversed(layers)]


def test_installed_apps_are_the_folders():
    assert sorted(settings.LINBANG_APPS) == list(source.apps())


def test_installed_apps_stand_in_floor_order():
    floors = [app.split(".")[1] for app in settings.LINBANG_APPS]

    assert list(dict.fromkeys(floors)) == [*FLOORS, "web", "demo"]
    assert floors == sorted(floors, key=[*FLOORS, "web", "demo"].index)


def test_installed_apps_follow_the_order_of_each_floor():
    for floor in ("foundation", "intake", "operations", "reporting"):
        ranks = {
            name: rank
            for rank, layer in enumerate(order_of(f"Order inside {_the(floor)}"))
            for name in layer
        }
        steps = [app.split(".")[2] for app in settings.LINBANG_APPS if app.split(".")[1] == floor]
        # The ledger stands on audit alone, so it may come anywhere after it.
        walked = [ranks[step] for step in steps if step != "ledger"]
        assert walked == sorted(walked), floor


def _the(floor: str) -> str:
    return "the foundation" if floor == "foundation" else floor


def test_floor_contract_names_every_folder():
    folders = {path.name for path in source.PRODUCT.iterdir() if (path / "__init__.py").exists()}

    assert folders <= set.union(*order_of("Floors"))


def test_anatomy_covers_every_app():
    containers = contract("Anatomy of every app")["containers"]

    uncovered = [
        app
        for app in source.apps()
        if not any(app == each or app.rpartition(".")[0] + ".*" == each for each in containers)
    ]
    assert uncovered == []


def test_every_app_says_in_one_sentence_what_it_owns():
    silent = [
        app
        for app in source.apps()
        if not (ast.get_docstring(source.tree(source.modules()[app])) or "").endswith(".")
    ]
    assert silent == []


def test_architecture_names_every_app():
    written = (source.ROOT / "ARCHITECTURE.md").read_text()
    names = [app.removeprefix("linbang.") for app in source.apps()]

    assert [name for name in names if f"`{name}`" not in written] == []


def test_architecture_names_no_app_that_is_not_there():
    written = (source.ROOT / "ARCHITECTURE.md").read_text()
    named = set(re.findall(rf"`((?:{'|'.join(FLOORS)})\.[a-z_]+)`", written))
    known = {app.removeprefix("linbang.") for app in source.apps()}
    single_modules = {
        module.removeprefix("linbang.")
        for module in source.modules()
        if module.count(".") == 2 and source.app_of(module) is None
    }
    assert named - known - single_modules == set()


def test_architecture_stays_short():
    assert len((source.ROOT / "ARCHITECTURE.md").read_text().splitlines()) <= 150
