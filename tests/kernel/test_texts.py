"""Texts keep their template and parameters, on the wire and in columns."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kernel.phrases import Phrase
from kernel.texts import Text

INNER = Text("{n} of {most}.", {"n": 6, "most": 5})


def kept(text: Text) -> Text:
    """The text as a column or a message gives it back."""
    return Text.from_wire(json.loads(json.dumps(text.to_wire())))


def test_a_text_says_its_parameters_and_the_texts_among_them() -> None:
    assert str(Text("Line {line}: {fault}", {"line": 3, "fault": INNER})) == "Line 3: 6 of 5."


def test_a_text_without_parameters_is_said_as_it_stands() -> None:
    assert str(Text("Write {} around it.")) == "Write {} around it."


def test_a_text_comes_back_with_the_texts_within_it() -> None:
    outer = Text("{school}: {failure}", {"school": "7", "failure": Text("Here: {fault}", {"fault": INNER})})
    assert kept(outer) == outer


def test_who_reads_the_parameters_alone_reads_sentences() -> None:
    assert Text("Line {line}: {fault}", {"line": 3, "fault": INNER}).to_wire()["params"] == {
        "line": 3,
        "fault": "6 of 5.",
    }


def test_a_text_without_parameters_may_leave_them_out() -> None:
    assert Text.from_wire({"template": "No."}) == Text("No.")
    assert Text.from_wire({"template": "{n}", "params": {"n": 1}, "texts": None}) == Text("{n}", {"n": 1})


def test_a_parameter_that_looks_like_a_text_is_none() -> None:
    text = Text("Someone was first.", {"present": {"template": "theirs", "params": {}}})
    assert kept(text) == text


def test_a_sentence_of_two_languages_becomes_a_text_of_its_english_template() -> None:
    ill = Phrase("по болезни", "ill")
    inner = Phrase("с {day}", "since {day}")(day=date(2026, 9, 1))
    sentence = Phrase("{mean} {why} {when} {share} {days}", "{mean}, {why}, {when}, {share}, {days}")(
        mean=Decimal("4.50"), why=ill, when=inner, share=Fraction(1, 3), days=(date(2026, 9, 2), "x")
    )
    assert sentence.text == Text(
        "{mean}, {why}, {when}, {share}, {days}",
        {
            "mean": "4.5",
            "why": Text("ill"),
            "when": Text("since {day}", {"day": date(2026, 9, 1)}),
            "share": "0.3333",
            "days": ["2026-09-02", "x"],
        },
    )
    assert kept(sentence.text) == sentence.text


def test_a_date_arrives_as_a_date_and_what_looks_like_one_as_it_was_written() -> None:
    sent = Text("From {since}: {typed}.", {"since": date(2026, 2, 28), "typed": "2026-02-31"}).to_wire()
    assert sent["params"] == {"since": "2026-02-28", "typed": "2026-02-31"}
    assert Text.from_wire(json.loads(json.dumps(sent))).params == {"since": date(2026, 2, 28), "typed": "2026-02-31"}
