"""Texts that look the same fold to the same."""

import pytest

from kernel.look_alikes import by_look


def test_every_latin_capital_that_looks_cyrillic_folds_to_the_cyrillic_one() -> None:
    assert by_look("ABCEHKMOPTXY") == "АВСЕНКМОРТХУ"
    assert by_look("abcehkmoptxy") == "АВСЕНКМОРТХУ"


@pytest.mark.parametrize("text", ["DFGIJLNQRSUVWZ", "БГДЖЗИЙ", "5-/.", ""])
def test_what_looks_like_nothing_else_stays(text: str) -> None:
    assert by_look(text) == text
