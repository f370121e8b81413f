"""The seen state of a cell, as callers get it and send it back."""

from __future__ import annotations

import pytest

from contracts.gradebook.sheets import Seen, seen_of


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("m1", Seen(1, None)),
        ("a12", Seen(None, 12)),
        ("m3a2", Seen(3, 2)),
        (None, Seen()),
        ("m123456789", Seen(123456789)),
    ],
)
def test_what_was_seen_is_read_as_it_was_told(text: str | None, seen: Seen) -> None:
    assert seen_of(text) == seen
    assert seen.text == text


@pytest.mark.parametrize("text", ["m", "a", "m0", "1", "a1m1", "m1 ", "M1", "m1a1x", "m1234567890", "м1"])
def test_what_was_never_told_is_no_seen_state(text: str) -> None:
    assert seen_of(text) is None
