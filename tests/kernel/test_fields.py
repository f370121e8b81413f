"""Texts that people type: what a command takes, and what nobody can see and therefore nobody may send."""

from __future__ import annotations

import pytest

from kernel import fields
from kernel.contract import PUBLIC, Command, Interface, Rpc, View
from kernel.errors import FieldFault, Invalid


class Note(Command):
    text = fields.Str()
    more = fields.List(fields.Str())
    email = fields.Email()


class Kept(View):
    text = fields.Str(required=True)


class Notes(Interface, service="notes"):
    write = Rpc(Note, Kept, "Write it down.", PUBLIC)


TYPED = {
    "Russian": "Сложение дробей: ½ + ¼ — «повторение», № 12–15",
    "line ends and tabs": "Читать § 3\r\nзадачи 1\t2\nи 3",
    "an emoji of several": "👩‍👩‍👧 👩🏽‍🔬 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️",
    "Hebrew": "שָׁלוֹם (5) \u200fשיעור\u200e 3",
    "Persian, with a joiner that keeps apart": "می\u200cخواهم",
    "Georgian and Tatar": "გამარჯობა · Җиңү",
    "a soft hyphen and spaces of other widths": "Пере\u00adнос\u00a0по\u202fслогам\u200b",
    "formulas and markup": '=1+1 <b>#read("/etc/passwd")</b> {{ 7 * 7 }}',
}
#: Sent → the place and the code of what is told.
UNSEEN = {
    "a terminal's escape": ("Тема \x1b[2J", 6, "001B"),
    "a bell": ("\x07", 1, "0007"),
    "backspace": ("Пётр\b\b", 5, "0008"),
    "a form feed": ("а\fб", 2, "000C"),
    "delete": ("аб\x7f", 3, "007F"),
    "an escape of eight bits": ("а\x9b31m", 2, "009B"),
    "a new line that is none": ("а\x85", 2, "0085"),
    "right to left from here": ("счёт \u202exslx.exe", 6, "202E"),
    "left to right from here": ("\u202dабв", 1, "202D"),
    "an embedding": ("\u202b5", 1, "202B"),
    "the end of one": ("5\u202c", 2, "202C"),
    "an isolate": ("\u20674 \u2069", 1, "2067"),
    "a mark that nothing uses any more": ("\u206a", 1, "206A"),
}


@pytest.mark.parametrize("kind", TYPED)
def test_s27_what_people_type_is_taken_as_it_is(kind: str) -> None:
    assert Notes.write.load({"text": TYPED[kind]}) == {"text": TYPED[kind]}


@pytest.mark.parametrize("kind", UNSEEN)
def test_s27_what_nobody_sees_is_refused_with_its_place(kind: str) -> None:
    text, place, code = UNSEEN[kind]
    with pytest.raises(Invalid) as refused:
        Notes.write.load({"text": text})
    (fault,) = refused.value.faults
    assert (fault.field, fault.params) == ("text", {"place": place, "code": code})


def test_s27_lists_and_addresses_are_looked_at_too() -> None:
    with pytest.raises(Invalid) as refused:
        Notes.write.load({"more": ["а", "\x1b"], "email": "a\u202e@example.org"})
    assert {fault.field for fault in refused.value.faults} == {"more.1", "email"}
    assert all(isinstance(fault, FieldFault) and "code" in fault.params for fault in refused.value.faults)


def test_s27_what_was_stored_before_is_still_told() -> None:
    assert Kept().load({"text": "Тема \x1b[2J"}) == {"text": "Тема \x1b[2J"}
