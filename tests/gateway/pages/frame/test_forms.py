"""What a form showed, told from what it sends back."""

from __future__ import annotations

from gateway.pages.frame.forms import fingerprint


def test_d05_what_a_browser_does_to_line_ends_and_blanks_is_no_change() -> None:
    assert fingerprint("one\ntwo", "") == fingerprint(" one\r\ntwo\r\n", " ") == fingerprint("one\rtwo", "")


def test_d05_a_changed_letter_or_field_is_one() -> None:
    prints = {
        fingerprint("ab", ""),
        fingerprint("a", "b"),
        fingerprint("", "ab"),
        fingerprint("a b", ""),
        fingerprint(),
    }
    assert len(prints) == 5
