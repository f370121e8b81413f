"""The examples of docs/rules.md are what the rules do, and every rule stands in it."""

import doctest
import re
from pathlib import Path

from tests.project.test_rule_sources import rule_modules

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "rules.md"


def inside_its_service(path: Path) -> str:
    """The path as the document writes it: `policy/rules/scales.py`."""
    return "/".join(path.relative_to(ROOT / "services").parts[1:])


def test_every_example_gives_what_is_printed():
    failed, tried = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert tried > 50
    assert failed == 0


def test_every_module_of_rules_is_named():
    modules = {inside_its_service(path) for path in rule_modules() if path.stem != "__init__"}
    assert len(modules) > 30
    assert modules - set(re.findall(r"`([\w/]+\.py)`", DOCUMENT.read_text())) == set()
