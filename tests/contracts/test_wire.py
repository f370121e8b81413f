"""The wire is frozen: every sample that was ever true still loads, and says everything there is to say.

A sample is only ever added to. Where a test here asks for a field that is new, write it into the sample; where one
fails because a field, a method or an event went away, the change breaks those who speak the older form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from marshmallow import Schema, fields

import contracts
from contracts import SERVICES, capabilities, events, interfaces
from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import Bundles
from contracts.printing.documents import Documents
from kernel.contract import Event, Rpc, Values

SAMPLES: Final = Path(__file__).parent / "samples"


def sample(service: str) -> dict[str, Any]:
    """The samples of all of a service's capabilities: methods and events by name."""
    found: dict[str, Any] = {"methods": {}, "events": {}}
    for capability in capabilities(service):
        said = json.loads((SAMPLES / service / f"{capability}.json").read_text(encoding="utf-8"))
        found["methods"] |= said["methods"]
        found["events"] |= said["events"]
    return found


def sample_of(method: Rpc, service: str) -> dict[str, Any]:
    """The sample of a method's command and answer."""
    found = sample(service)["methods"]
    assert method.name in found, (
        f"{method} has no sample: write one into tests/contracts/samples/{service}/<capability>.json"
    )
    said: dict[str, Any] = found[method.name]
    return said


def methods(service: str) -> list[Rpc]:
    return [method for interface in interfaces(service) for method in interface.methods()]


METHODS: Final = [(method, service) for service in SERVICES for method in methods(service)]
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
    said = sample_of(method, service)
    assert set(said) == {"command", "answer"}
    for schema, name in ((method.command, "command"), (method.answer, "answer")):
        assert list(unsaid(schema, said[name])) == []
        loaded = schema.load(said[name])
        assert schema.dump(loaded) == said[name]


@pytest.mark.parametrize(("method", "service"), METHODS, ids=str)
def test_a_command_with_a_field_nobody_knows_is_refused_and_such_an_answer_is_read(method: Rpc, service: str) -> None:
    said = sample_of(method, service)
    assert method.command.validate(said["command"] | {"tomorrow": 1}) == {"tomorrow": ["Unknown field."]}
    assert method.answer.load(said["answer"] | {"tomorrow": 1}) == method.answer.load(said["answer"])


def without_texts(said: Any) -> Any:
    """The sample as it was before sentences came with the texts that they were made of."""
    if isinstance(said, list):
        return [without_texts(one) for one in said]
    if isinstance(said, dict):
        return {name: without_texts(one) for name, one in said.items() if name not in {"text", "failure_text"}}
    return said


def test_answers_and_events_of_before_texts_are_still_read() -> None:
    imported = without_texts(sample("identity")["methods"]["import_status"]["answer"])
    assert [fault["text"] for fault in Bundles.import_status.answer.load(imported)["faults"]] == [None]
    printed = without_texts(sample("printing")["methods"]["job"]["answer"])
    assert Documents.job.answer.load(printed)["failure_text"] is None
    announced = without_texts(sample("gradebook")["events"]["bundle_grades_imported"])
    assert BundleGradesImported.from_wire(json.dumps(announced).encode()).failure_text is None


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
    declared = [method.name for method in methods(service)]
    assert list(said["methods"]) == declared, "there is a sample of every method, in the order of the interface"
    assert list(said["events"]) == [event.NAME for event in events(service)]
    assert {event.SERVICE for event in events(service)} <= {service}


@pytest.mark.parametrize("service", SERVICES)
def test_the_samples_are_those_of_the_capabilities(service: str) -> None:
    assert sorted(path.stem for path in (SAMPLES / service).iterdir()) == capabilities(service)


def test_the_owners_are_the_packages_of_the_contracts() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(SERVICES)
    folder = Path(str(contracts.__file__)).parent
    assert {path.parent.name for path in folder.glob("*/__init__.py")} == set(SERVICES)


def test_no_method_stands_in_two_interfaces_of_a_service() -> None:
    for service in SERVICES:
        names = [method.name for method in methods(service)]
        assert sorted(names) == sorted(set(names))


def test_no_field_is_called_like_a_method_of_the_values_that_a_schema_loads() -> None:
    """`command.items` would be the method of the mapping, not the field."""
    schemas = [
        schema for service in SERVICES for method in methods(service) for schema in (method.command, method.answer)
    ]
    names = {name for schema in schemas for name in names_in(schema)}
    assert "student_id" in names
    assert names & set(dir(Values)) == set()


def names_in(schema: Schema) -> Iterator[str]:
    """The names of a schema's fields and of those nested in it."""
    for name, field in schema.fields.items():
        yield name
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from names_in(inner.schema)
