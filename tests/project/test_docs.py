"""Whatever can be called, sent, visited, set or made is named in a document."""

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import contracts
from kernel.contract import Event, Interface

ROOT = Path(__file__).parents[2]
OURS = ("cli", "contracts", "gateway", "kernel", "services")
SETTING = re.compile(r"\bLYCEUM_[A-Z][A-Z0-9_]*\b")


@pytest.fixture(scope="module")
def documents() -> str:
    """README, CONTRIBUTING and all of docs/ in one text."""
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(path.read_text() for path in paths)


def members(kind: type) -> Iterable[type]:
    """The subclasses of `kind` that the modules of contracts/ declare."""
    for module in pkgutil.iter_modules(contracts.__path__, "contracts."):
        for _, member in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(member, kind) and member.__module__ == module.name:
                yield member


def unnamed(names: Iterable[str], documents: str) -> list[str]:
    """Those of `names` that stand nowhere in the documents as words of their own."""
    names = sorted(set(names))
    assert names, "nothing was found that could be documented: the search is broken"
    return [name for name in names if not re.search(rf"(?<![\w./]){re.escape(name)}(?![\w/{{])", documents)]


def test_every_rpc_method_is_documented(documents):
    methods = [repr(method) for interface in members(Interface) for method in interface.methods()]
    assert unnamed(methods, documents) == []


def test_every_event_is_documented_with_its_fields(documents):
    events = list(members(Event))
    assert unnamed([f"{event.SERVICE}.{event.NAME}" for event in events], documents) == []
    fields = {f"`{field.name}`" for event in events for field in dataclasses.fields(event)}
    assert [field for field in sorted(fields) if field not in documents] == []


def test_every_route_is_documented(documents):
    routes = importlib.import_module("gateway.app").create_app().url_map.iter_rules()
    paths = [re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule) for rule in routes]
    assert unnamed([path for path in paths if not path.startswith("/static/")], documents) == []


def test_every_setting_is_documented(documents):
    code = [path for package in OURS for path in (ROOT / package).rglob("*.py")]
    names = {name for path in [*code, ROOT / "Makefile"] for name in SETTING.findall(path.read_text())}
    assert unnamed(names, documents) == []


def test_every_make_target_is_documented(documents):
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert unnamed([f"make {target}" for target in targets], documents) == []


def test_a_name_in_another_word_or_path_does_not_count():
    assert unnamed(
        ["make up", "/api/v1/marks", "gradebook.mark"], "make upper /api/v1/marks/{id} gradebook.mark_posted"
    ) == [
        "/api/v1/marks",
        "gradebook.mark",
        "make up",
    ]
