"""A schema's complaints are templates with parameters."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import fields, validate

from kernel.contract import PUBLIC, Command, Done, Rpc
from kernel.errors import Invalid
from kernel.texts import Text


class Inner(Command):
    """Within another."""

    number = fields.Int(validate=validate.Range(1, 5))


class Given(Command):
    """A field of each sort that says something with a parameter."""

    name = fields.Str(validate=validate.Length(2, 4))
    secret = fields.Str(validate=validate.OneOf(("a", "b")))
    day = fields.Date()
    numbers = fields.List(fields.Int(validate=validate.Range(min=1)), validate=validate.Length(max=1))
    pair = fields.Tuple((fields.Int(), fields.Date()))
    words = fields.Dict(keys=fields.Str(validate=validate.Length(max=1)), values=fields.Int())
    inner = fields.Nested(Inner)
    inners = fields.List(fields.Nested(Inner))


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"name": "A"}, "name", Text("Length must be between {min} and {max}.", {"min": 2, "max": 4})),
        ({"secret": "my password"}, "secret", Text("Must be one of: {choices}.", {"choices": "a, b"})),
        ({"day": "x"}, "day", Text("Not a valid date.")),
        ({"numbers": [0]}, "numbers.0", Text("Must be greater than or equal to {min}.", {"min": 1})),
        ({"numbers": [1, 2]}, "numbers", Text("Longer than maximum length {max}.", {"max": 1})),
        ({"pair": [1]}, "pair", Text("Length must be {equal}.", {"equal": 2})),
        ({"pair": [1, "x"]}, "pair.1", Text("Not a valid date.")),
        ({"words": {"ab": 1}}, "words.ab.key", Text("Longer than maximum length {max}.", {"max": 1})),
        ({"words": {"a": "x"}}, "words.a.value", Text("Not a valid integer.")),
        (
            {"inner": {"number": 6}},
            "inner.number",
            Text("Must be greater than or equal to {min} and less than or equal to {max}.", {"min": 1, "max": 5}),
        ),
        (
            {"inners": [{"number": 6}]},
            "inners.0.number",
            Text("Must be greater than or equal to {min} and less than or equal to {max}.", {"min": 1, "max": 5}),
        ),
        ({"tomorrow": 1}, "tomorrow", Text("Unknown field.")),
    ],
)
def test_a_fault_keeps_the_template_and_what_it_shows(given: dict[str, Any], field: str, text: Text) -> None:
    with pytest.raises(Invalid) as refused:
        Rpc(Given, Done, "Takes anything.", PUBLIC).load(given)
    assert [(fault.field, fault.text) for fault in refused.value.faults] == [(field, text)]


def test_a_refused_value_is_no_part_of_the_fault() -> None:
    with pytest.raises(Invalid) as refused:
        Rpc(Given, Done, "Takes anything.", PUBLIC).load({"secret": "my password"})
    assert "password" not in str(refused.value.to_wire())
