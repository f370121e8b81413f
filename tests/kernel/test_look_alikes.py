"""Texts that look the same fold to the same."""

import pytest

from kernel.look_alikes import by_key, by_look


def test_every_latin_capital_that_looks_cyrillic_folds_to_the_cyrillic_one() -> None:
    assert by_look("ABCEHKMOPTXY") == "АВСЕНКМОРТХУ"
    assert by_look("abcehkmoptxy") == "АВСЕНКМОРТХУ"


@pytest.mark.parametrize("text", ["DFGIJLNQRSUVWZ", "БГДЖЗИЙ", "5-/.", ""])
def test_what_looks_like_nothing_else_stays(text: str) -> None:
    assert by_look(text) == text


def test_keys_of_the_latin_layout_are_read_as_those_of_the_russian_one() -> None:
    assert by_key("qwertyuiop[]asdfghjkl;'zxcvbnm,.<>|") == "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮБЮ/"
    assert by_key("PFX") == by_key("pfx") == "ЗАЧ"


@pytest.mark.parametrize("text", ["зач", "н|а", "5-", "4/5", ""])
def test_a_text_with_other_letters_and_one_without_letters_stay(text: str) -> None:
    assert by_key(text) == text
