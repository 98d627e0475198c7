"""Imports point downwards only, and the door never loads what belongs to the data side (`friction.child`)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.pace import slower

ROOT = Path(__file__).parent.parent

LAYERS = (
    "schema errors limits config declared i18n misfits report tallies heard scratch journey_map threads values",
    "dictionaries sources tables privacy quality detectors pages sessions machines elements part reduce points "
    "suppress impact series journey rank goals order recordings catalogue dropoff compare vitals counting rules voices"
    " identity margin",
    "isolate files render store places",
    "lake ingest summary inspection preview matching recognition export raw changes scan sides beside agreement marks"
    " nightly hours gates",
    "testing",
    "cli api client child library fetch engines",
)
"""From the bottom up. A module may import its own row and those below."""
PARTS = {"__main__": "cli", "doctor": "cli"}
"""Modules that belong to the row of one named above."""
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()}

DOOR = (
    "friction",
    "friction.cli",
    "friction.isolate",
    "friction.report",
    "friction.render",
    "friction.render.html",
    "friction.config",
    "friction.errors",
    "friction.goals",
    "api.app",
)
HEAVY = {"polars", "pandas", "numpy", "pyarrow", "scipy", "sklearn", "ruptures"}


def modules() -> dict[str, Path]:
    """Every module of friction and api, by its dotted name."""
    found = {}
    for path in sorted([*ROOT.glob("friction/**/*.py"), *ROOT.glob("api/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported(module: str, *, top_level: bool = False) -> Iterator[str]:
    """Modules of ours that `module` imports; with `top_level`, only those it needs in order to load."""
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in nodes(ast.parse(MODULES[module].read_text(encoding="utf-8")), top_level=top_level):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if owner(alias.name))
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, package)
            names = (f"{base}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else base for name in names if owner(base))


def nodes(tree: ast.AST, *, top_level: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(tree):
        deferred = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) or is_type_checking(child)
        if not (top_level and deferred):
            yield child
            yield from nodes(child, top_level=top_level)


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])


def owner(module: str) -> str | None:
    """The row's word that a module falls under; null for other people's modules and for `friction` itself."""
    head, _, rest = module.partition(".")
    if head == "api":
        return "api"
    word = rest.split(".")[0] if head == "friction" else ""
    return PARTS.get(word, word) or None


def test_every_module_has_its_row() -> None:
    homeless = {word for word in map(owner, MODULES) if word is not None and word not in RANK}

    assert not homeless, "say in LAYERS of this test where these belong"


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_downwards_only(module: str) -> None:
    mine = owner(module)
    upwards = [
        name
        for name in imported(module)
        if mine is not None and (theirs := owner(name)) is not None and RANK[theirs] > RANK[mine]
    ]

    assert not upwards, f"{module} ({mine}) imports what stands above it"


def test_no_two_modules_need_each_other_to_load() -> None:
    needs = {name: set(imported(name, top_level=True)) - {name} for name in MODULES}

    order = list(TopologicalSorter(needs).static_order())

    assert set(order) >= set(MODULES)


def test_detectors_know_vocabulary_and_series_and_nothing_of_one_another() -> None:
    allowed = {"friction.schema", "friction.elements", "friction.errors", "friction.goals", "friction.series"}
    allowed |= {"friction.detectors.base", "friction.detectors.look_alike", "friction.detectors.forms"}
    allowed |= {"friction.detectors.nearest", "friction.elements.chain", "friction.order", "friction.values"}
    allowed |= {"friction.declared", "friction.misfits"}
    strangers = {
        module: others
        for module in MODULES
        if module.startswith("friction.detectors.") and not module.startswith("friction.detectors.presets")
        if (others := set(imported(module)) - allowed)
    }

    assert not strangers


@pytest.mark.parametrize("module", [name for name in MODULES if owner(name) != "api"])
def test_nothing_in_friction_imports_the_service_by_name(module: str) -> None:
    assert not [name for name in imported(module) if owner(name) == "api"]


def test_the_service_imports_itself_relatively() -> None:
    absolute_imports = [
        (module, node.lineno)
        for module, path in MODULES.items()
        if owner(module) == "api"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == "api"
    ]

    assert not absolute_imports, "installed, the package is called friction.server"


def loaded_by(module: str) -> set[str]:
    """Top-level names in `sys.modules` of a fresh interpreter that imported `module`."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("module", DOOR)
def test_the_door_loads_without_the_data_side(module: str) -> None:
    assert not loaded_by(module) & HEAVY


def test_importing_friction_takes_less_than_50_ms() -> None:
    """Of the processor's time: what a busy machine adds is no matter of ours."""
    code = "from time import process_time as now; t = now(); import friction; print(now() - t)"
    took = [
        float(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout)
        for _ in range(3)
    ]

    assert min(took) < 0.05 * slower()
