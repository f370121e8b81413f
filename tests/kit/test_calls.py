"""The helpers of service tests notice what the bus would notice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from kernel import fields
from kernel.auth import Actor
from kernel.contract import PUBLIC, Command, Interface, Rpc, View, holders
from kernel.data.database import make_engine
from kernel.errors import Forbidden, Invalid, NotFound, Unauthenticated
from tests.kit.calls import ask_directly, call, statements


class GreetCommand(Command):
    """Whom, and when."""

    whom = fields.UUID(required=True)
    on = fields.Date(required=True)


class LineView(View):
    """A line."""

    said = fields.Str(required=True)


class GreetingView(View):
    """A greeting."""

    whom = fields.UUID(required=True)
    lines = fields.List(fields.Nested(LineView), required=True)


class Greetings(Interface, service="greetings"):
    """Greets."""

    greet = Rpc(GreetCommand, GreetingView, "Say it.", PUBLIC)


class Greeter:
    """Answers what it is given to answer."""

    name = "greetings"

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self.lines = lines
        self.actors: list[Actor | None] = []

    def greet(self, actor: Actor | None, command: dict[str, Any]) -> dict[str, Any]:
        """Typed values reach the method."""
        assert isinstance(command["whom"], UUID)
        assert command["on"] == date(2025, 9, 1)
        self.actors.append(actor)
        if not self.lines:
            raise NotFound("Nobody {id}.", rule="nobody", id=command["whom"])
        return {"whom": command["whom"], "lines": self.lines}


WHOM = {"whom": uuid4(), "on": date(2025, 9, 1)}


def test_a_command_arrives_typed_and_the_answer_is_json() -> None:
    answer = call(Greeter([{"said": "hi"}]), Greetings.greet, None, **WHOM)
    assert answer == {"whom": str(WHOM["whom"]), "lines": [{"said": "hi"}]}


def test_an_answer_with_a_field_too_many_deep_inside_fails() -> None:
    with pytest.raises(AssertionError, match=r"lines\.loudly"):
        call(Greeter([{"said": "hi", "loudly": True}]), Greetings.greet, None, **WHOM)


def test_an_answer_with_a_field_missing_fails() -> None:
    with pytest.raises(AssertionError, match="said"):
        call(Greeter([{}]), Greetings.greet, None, **WHOM)


def test_a_malformed_command_is_refused_by_its_schema() -> None:
    with pytest.raises(Invalid) as refused:
        call(Greeter([]), Greetings.greet, None, whom="nobody", on="2025-09-01")
    assert refused.value.field == "whom"


def test_a_refusal_arrives_as_over_the_wire() -> None:
    with pytest.raises(NotFound) as refused:
        call(Greeter([]), Greetings.greet, None, **WHOM)
    assert refused.value.params == {"id": str(WHOM["whom"])}


def test_a_service_that_asks_gets_typed_values_and_is_named() -> None:
    greeter, tenant = Greeter([{"said": "hi"}]), uuid4()
    answer = ask_directly(greeter, asker="other")(Greetings.greet, tenant=tenant, **WHOM)
    assert answer["whom"] == WHOM["whom"]
    assert greeter.actors == [Actor(tenant, roles=frozenset({"service"}), service="other")]


def test_statements_leave_out_what_begins_a_transaction(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with statements(engine) as seen, engine.begin() as connection:
        connection.execute(text("select 1"))
    assert seen == ["select 1"]
    engine.dispose()


def test_who_may_not_call_a_method_is_refused_as_by_the_bus() -> None:
    class Secrets(Interface, service="greetings"):
        greet = Rpc(GreetCommand, GreetingView, "Say it to a guide.", holders("guide"))

    greeter = Greeter([{"said": "hi"}])
    visitor = Actor(uuid4(), uuid4(), uuid4(), uuid4(), frozenset({"visitor"}))
    with pytest.raises(Forbidden):
        call(greeter, Secrets.greet, visitor, **WHOM)
    with pytest.raises(Unauthenticated):
        call(greeter, Secrets.greet, None, **WHOM)
    assert greeter.actors == []
