"""Logs: one JSON object a line, with the call id and trace id. Lines carry ids, never personal data."""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import structlog

from kernel import context

#: Keys whose values could be personal data or secrets: their values are masked.
WITHHELD: Final = frozenset(
    {
        "password",
        "token",
        "access_token",
        "refresh_token",
        "secret",
        "email",
        "phone",
        "login",
        "name",
        "family_name",
        "given_name",
        "body",
        "command",
        "params",
        "authorization",
    }
)


def install(service: str, level: str = "INFO", *, for_people: bool = False) -> None:
    """Log as `service` to standard error; `for_people` writes plain lines instead of JSON."""
    processors: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_call,
        withhold,
    ]
    renderer = structlog.dev.ConsoleRenderer(colors=False) if for_people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.clear_contextvars()
    _service["name"] = service
    # Libraries' messages may quote data: only their errors are logged, and without arguments.
    logging.basicConfig(level=logging.ERROR, handlers=[_Libraries()], force=True)


_service: dict[str, str] = {"name": ""}


def _add_call(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    call = context.current()
    line.setdefault("service", _service_of(call))
    if call is not None:
        line["call_id"] = call.call_id
        if call.traceparent:
            line["trace_id"] = call.traceparent[3:35]
    return line


def _service_of(call: context.Call | None) -> str:
    """The process's service; of several in one process, the one that handles the call."""
    name = _service["name"]
    handling = call.operation.partition(".")[0] if call else ""
    return handling if "+" in name and handling in name.split("+") else name


def withhold(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """Mask the values of the keys in `WITHHELD`."""
    return {key: ("…" if key in WITHHELD else value) for key, value in line.items()}


class _Libraries(logging.Handler):
    """Logs libraries' errors: the logger, the message template and the exception's class."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the message template without its arguments."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().error("library", logger=record.name, template=str(record.msg)[:200], error=kind)
