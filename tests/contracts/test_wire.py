"""The wire is frozen: every sample that was ever true still loads, and says everything there is to say.

A sample is only ever added to. Where a test here asks for a field that is new, write it into the sample; where one
fails because a field, a method or an event went away, the change breaks those who speak the older form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from marshmallow import Schema, fields

from kernel.contract import Event, Interface, Rpc

SERVICES: Final = ("attendance", "gradebook", "identity", "notifications", "printing")
SAMPLES: Final = Path(__file__).parent / "samples"


def sample(service: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{service}.json").read_text(encoding="utf-8"))
    return found


def declared(service: str) -> Iterator[Any]:
    module = import_module(f"contracts.{service}")
    return (value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__)


def interface(service: str) -> type[Interface]:
    (found,) = [value for value in declared(service) if isinstance(value, type) and issubclass(value, Interface)]
    return found


def events(service: str) -> list[type[Event]]:
    return [value for value in declared(service) if isinstance(value, type) and issubclass(value, Event)]


METHODS: Final = [(method, service) for service in SERVICES for method in interface(service).methods()]
EVENTS: Final = [event for service in SERVICES for event in events(service)]


def unsaid(schema: Schema, said: Any, path: str = "") -> Iterator[str]:
    """Fields of the schema that the sample leaves out, and members of the sample that the schema does not have."""
    yield from (f"{path}{name} is left out" for name in schema.fields.keys() - said.keys())
    yield from (f"{path}{name} is unknown" for name in said.keys() - schema.fields.keys())
    for name in schema.fields.keys() & said.keys():
        field, items = schema.fields[name], [said[name]]
        if isinstance(field, fields.List):
            field, items = field.inner, said[name]
        if isinstance(field, fields.Nested):
            if not items:
                yield f"{path}{name} is empty"
            for item in items:
                yield from unsaid(field.schema, item, f"{path}{name}.")


@pytest.mark.parametrize(("method", "service"), METHODS, ids=str)
def test_a_method_loads_its_sample_and_leaves_nothing_unsaid(method: Rpc, service: str) -> None:
    said = sample(service)["methods"][method.name]
    assert set(said) == {"command", "answer"}
    for schema, name in ((method.command, "command"), (method.answer, "answer")):
        assert list(unsaid(schema, said[name])) == []
        loaded = schema.load(said[name])
        assert schema.dump(loaded) == said[name]


@pytest.mark.parametrize(("method", "service"), METHODS, ids=str)
def test_a_command_with_a_field_nobody_knows_is_refused_and_such_an_answer_is_read(method: Rpc, service: str) -> None:
    said = sample(service)["methods"][method.name]
    assert method.command.validate(said["command"] | {"tomorrow": 1}) == {"tomorrow": ["Unknown field."]}
    assert method.answer.load(said["answer"] | {"tomorrow": 1}) == method.answer.load(said["answer"])


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.SERVICE}.{event.NAME}")
def test_an_event_is_read_from_its_sample_and_written_as_it(event: type[Event]) -> None:
    said = sample(event.SERVICE)["events"][event.NAME]
    assert said.keys() == {field.name for field in dataclass_fields(event)}
    read = event.from_wire(json.dumps(said | {"tomorrow": 1}).encode())
    assert msgspec.json.decode(read.to_wire()) == said
    assert read.aggregate == f"{event.AGGREGATE}:{said[event.AGGREGATE]}"


@pytest.mark.parametrize("service", SERVICES)
def test_there_is_a_sample_of_everything_and_of_nothing_else(service: str) -> None:
    said = sample(service)
    assert list(said["methods"]) == [method.name for method in interface(service).methods()]
    assert list(said["events"]) == [event.NAME for event in events(service)]
    assert {event.SERVICE for event in events(service)} <= {service}


def test_the_samples_are_those_of_the_contracts() -> None:
    contracts = Path(str(import_module("contracts").__file__)).parent
    assert {path.stem for path in SAMPLES.iterdir()} == set(SERVICES)
    assert {path.stem for path in contracts.glob("*.py")} - {"__init__"} == set(SERVICES)
