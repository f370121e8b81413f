"""What holds for every room of every service: how entry points are named, who writes tables, who imports whom."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import services
from contracts import SERVICES
from kernel.running.entrypoints import Entrypoints, EventEntrypoint
from services import service_class

ROOT = Path(__file__).parents[2]
WRITING = {"insert", "update", "delete", "insert_rows"}
#: Rooms whose recording.py writes other rooms' tables too: an import writes everything that a bundle holds.
WRITE_EVERYTHING = {"bundles"}


@cache
def mixins(service: str) -> list[type[Entrypoints]]:
    """The entry points of the service's capabilities."""
    found = []
    for _, name, is_package in pkgutil.iter_modules(importlib.import_module(f"services.{service}").__path__):
        path = ROOT / "services" / service / name / "entrypoints.py"
        if is_package and path.exists():
            module = importlib.import_module(f"services.{service}.{name}.entrypoints")
            found += [
                cls for _, cls in inspect.getmembers(module, inspect.isclass) if cls.__module__ == module.__name__
            ]
    return found


def methods(cls: type) -> Iterator[str]:
    return (name for name, value in vars(cls).items() if inspect.isfunction(value))


def test_every_service_is_looked_at() -> None:
    assert {module.name for module in pkgutil.iter_modules(services.__path__)} == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_made_of_the_entry_points_of_all_its_rooms(service: str) -> None:
    cls = service_class(service)
    assert set(cls.__bases__) == set(mixins(service))
    assert list(methods(cls)) == []
    lines = (ROOT / "services" / service / "service.py").read_text().splitlines()
    assert len(lines) <= 15 + 3 * len(mixins(service)), "a service is no more than the list of its rooms"


@pytest.mark.parametrize("service", SERVICES)
def test_a_mixin_holds_entry_points_only_and_no_name_stands_in_two(service: str) -> None:
    assert mixins(service)
    names = [(name, getattr(cls, name)) for cls in mixins(service) for name in methods(cls)]
    assert [name for name, method in names if not getattr(method, "nameko_entrypoints", ())] == []
    assert [name for name, times in Counter(name for name, _ in names).items() if times > 1] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_handler_is_called_by_its_event_with_a_purpose_where_there_are_two(service: str) -> None:
    for cls in mixins(service):
        for name in methods(cls):
            for entrypoint in getattr(getattr(cls, name), "nameko_entrypoints", ()):
                if isinstance(entrypoint, EventEntrypoint):
                    expected = f"on_{entrypoint.event.NAME}"
                    assert name == expected or name.startswith(f"{expected}_"), name


def writers() -> Iterator[tuple[Path, str]]:
    """(file, name) where a module of a service imports what writes tables."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                yield from ((path.relative_to(ROOT), alias.name) for alias in node.names if alias.name in WRITING)


def test_only_recording_writes_tables() -> None:
    found = list(writers())
    assert len(found) > 10
    assert [f"{path}: {name}" for path, name in found if "recording" not in (path.stem, path.parent.name)] == []


WRITERS = {"insert", "update", "delete", "insert_into", "replacing", "keep_newer"}


def tables_of_others(path: Path, tree: ast.Module) -> set[str]:
    """Names of tables that a module imports from other rooms of its service."""
    room = path.relative_to(ROOT / "services").parts[1]
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").endswith(".tables")
        and not (node.module or "").endswith(f".{room}.tables")
        for alias in node.names
    }


def written_in(path: Path, tree: ast.Module) -> Iterator[str]:
    """Where a module writes a table of another room: makes a row of it, or hands it to what writes."""
    others = tables_of_others(path, tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        handed = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
        if name in others or (name in WRITERS and handed & others):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_a_room_writes_its_own_tables_alone() -> None:
    paths = [
        path
        for path in sorted((ROOT / "services").rglob("*.py"))
        if len(path.relative_to(ROOT / "services").parts) > 2
        and not {"migrations", *WRITE_EVERYTHING} & set(path.parts)
    ]
    assert len(paths) > 100
    assert [found for path in paths for found in written_in(path, ast.parse(path.read_text()))] == []


def test_a_row_of_another_room_that_is_made_is_noticed() -> None:
    code = """
from services.identity.people.tables import Consent
session.add(Consent(purpose="portal"))
session.execute(insert(Consent), rows)
copies.keep_newer(session, Consent, rows)
"""
    path = ROOT / "services" / "identity" / "consents" / "recording.py"
    assert len(list(written_in(path, ast.parse(code)))) == 3
    own = ROOT / "services" / "identity" / "people" / "recording.py"
    assert list(written_in(own, ast.parse(code))) == []
