"""docs/access.md says what the contracts say."""

from __future__ import annotations

import re

import pytest

from contracts import SERVICES, interfaces
from contracts.gradebook.marks import Marks
from contracts.roles import JOURNAL
from tests.project.access import DOCUMENT, document


@pytest.fixture
def text() -> str:
    return DOCUMENT.read_text()


def test_the_document_is_what_the_generator_makes(text: str) -> None:
    assert document(text) == text, "make access writes it anew"


def test_every_method_has_a_row(text: str) -> None:
    methods = [repr(one) for owner in SERVICES for interface in interfaces(owner) for one in interface.methods()]
    assert re.findall(r"\| `(\w+\.\w+)` \|$", text, re.MULTILINE) == methods, "`make access` updates it"


def test_a_role_that_changes_makes_another_document(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Marks.post_mark, "callers", JOURNAL)
    assert document(text) != text


def test_a_document_without_a_place_for_tables_is_not_written_over(text: str) -> None:
    with pytest.raises(ValueError, match="has no line"):
        document(text.partition("<!--")[0])
