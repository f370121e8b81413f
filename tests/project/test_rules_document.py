"""The examples of docs/rules.md are what the rules do, and every rule stands in it."""

import doctest
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "rules.md"
#: Modules that hold no rule of their own: values, words, and parts of another rule's calculation.
PARTS: set[str] = set()


def test_every_example_gives_what_is_printed():
    failed, tried = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert tried > 50
    assert failed == 0


def test_every_module_of_rules_is_named():
    modules = {path.name for path in ROOT.glob("services/[ag][tr][ta]*/rules/*.py") if path.stem != "__init__"}
    assert len(modules) > 30
    named = set(re.findall(r"`(\w+\.py)`", DOCUMENT.read_text()))
    assert modules - named - PARTS == set()
