"""Whoever asks where a rule comes from finds it in the code: an act, a published form, or practice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = re.compile(
    r"[Rr]egulation|clause|domain|SanPiN|\border\b|letter of the ministry|[Pp]ractice|publish|Labour Code|OneRoster"
    r"|Kelley|Cronbach"
)
#: Modules that carry, write down or word what others decide, and decide nothing themselves.
CARRIERS = {
    "explained.py", "formulas.py", "given.py", "diff.py", "schema.py", "words.py",
}  # fmt: skip


def rule_modules() -> list[Path]:
    """The modules of rules of the gradebook and of attendance."""
    services = [ROOT / "services" / name for name in ("gradebook", "attendance")]
    found = [path for service in services for path in service.rglob("*.py") if "rules" in (path.parent.name, path.stem)]
    return sorted(found + list((ROOT / "services" / "gradebook" / "explaining").glob("*.py")))


def unsourced(tree: ast.Module) -> Iterator[str]:
    """The public functions of a module that name no source."""
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if public and not SOURCE.search(ast.get_docstring(node) or ""):
            yield node.name


def test_each_rule_of_the_school_names_its_source() -> None:
    modules = [path for path in rule_modules() if path.name not in CARRIERS]
    assert len(modules) > 30
    assert [f"{path.name}: {name}" for path in modules for name in unsourced(ast.parse(path.read_text()))] == []


def test_a_rule_without_source_is_noticed() -> None:
    tree = ast.parse('"""Marks."""\ndef a():\n    """Sum."""\ndef b():\n    """Sum (practice)."""\ndef _c(): ...')
    assert list(unsourced(tree)) == ["a"]
    assert list(unsourced(ast.parse('"""Marks (domain, §3)."""\ndef a(): ...'))) == ["a"]
