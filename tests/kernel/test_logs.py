"""A log line leads to its call and holds nothing about people."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from kernel import logs
from kernel.context import Call, handling


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is written to the standard error; logging is as it was afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configured = structlog.get_config()
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.install("bell", "INFO")
    yield written
    structlog.configure(**configured)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def lines(written: io.StringIO) -> Callable[[], list[dict[str, Any]]]:
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_is_json_and_names_its_service_call_and_trace(lines):
    with handling(Call(call_id="call-1", traceparent=f"00-{'a' * 32}-{'b' * 16}-01")):
        structlog.get_logger().info("rang", rings=3)
    (line,) = lines()
    assert (line["event"], line["level"], line["service"], line["rings"]) == ("rang", "info", "bell", 3)
    assert (line["call_id"], line["trace_id"]) == ("call-1", "a" * 32)
    assert line["timestamp"].endswith("Z")


def test_of_several_services_in_one_process_a_line_names_the_one_that_wrote_it(lines, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(logs._service, "name", "bell+choir")
    log = structlog.get_logger()
    with handling(Call(operation="choir.sing")):
        log.info("sung")
    with handling(Call(operation="organ.play")):
        log.info("elsewhere")
    log.info("published", service="bell")
    assert [line["service"] for line in lines()] == ["choir", "bell+choir", "bell"]


def test_a_line_outside_a_call_names_none(lines):
    structlog.get_logger().info("services_started")
    (line,) = lines()
    assert "call_id" not in line
    assert "trace_id" not in line


@pytest.mark.parametrize("key", sorted(logs.WITHHELD))
def test_what_may_hold_a_persons_data_or_a_secret_is_withheld(lines, key: str):
    structlog.get_logger().warning("something", **{key: "Иванова"}, rule="kept")
    (line,) = lines()
    assert line[key] == "…"
    assert line["rule"] == "kept"


def test_a_level_below_the_chosen_one_is_not_written(lines):
    structlog.get_logger().debug("a detail")
    assert lines() == []


def test_a_librarys_error_is_told_without_its_arguments_and_its_chatter_not_at_all(lines):
    library = logging.getLogger("some.library")
    failure = ValueError("Иванова, 8А")
    library.error("cannot read %s", "Иванова", exc_info=failure)
    library.warning("by the way, Иванова")
    (line,) = lines()
    assert (line["event"], line["logger"], line["error"]) == ("library", "some.library", "ValueError")
    assert line["template"] == "cannot read %s"
    assert "Иванова" not in json.dumps(line, ensure_ascii=False)


def test_for_people_a_line_is_plain(written: io.StringIO, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stderr", written)  # pytest put its own there after the fixture
    logs.install("lyceum", for_people=True)
    structlog.get_logger().info("services_started", token="a secret")
    assert "services_started" in written.getvalue()
    assert "a secret" not in written.getvalue()
    with pytest.raises(json.JSONDecodeError):
        json.loads(written.getvalue())
