"""Results of a bundle as the gradebook takes them: pure."""

import pytest

from services.identity.bundles.rules.grades import plain_number


@pytest.mark.parametrize(
    ("text", "plain"),
    [("3.00", "3"), ("4.50", "4.5"), ("100", "100"), ("-0.5", "-0.5"), ("н/а", "н/а"), ("", None), ("NaN", "NaN")],
)
def test_numbers_lose_their_trailing_zeros_and_texts_stay(text, plain):
    assert plain_number(text) == plain
