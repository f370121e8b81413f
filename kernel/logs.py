"""Logs: one JSON object a line, with the call's id and its trace; ids only, nothing about people."""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import structlog

from kernel import context

#: Keys under which personal data or secrets could slip into a line: what stands there is left out.
WITHHELD: Final = frozenset({"password", "token", "access_token", "refresh_token", "email", "phone", "login", "name",
                             "family_name", "given_name", "body", "command", "params", "authorization"})  # fmt: skip


def install(service: str, level: str = "INFO", *, for_people: bool = False) -> None:
    """Log as `service` to the standard error; `for_people` in plain lines rather than JSON."""
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
    # Libraries' own messages may quote data: only what they call an error gets through, without its arguments.
    logging.basicConfig(level=logging.ERROR, handlers=[_Libraries()], force=True)


_service: dict[str, str] = {"name": ""}


def _add_call(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    line["service"] = _service["name"]
    call = context.current()
    if call is not None:
        line["call_id"] = call.call_id
        if call.traceparent:
            line["trace_id"] = call.traceparent[3:35]
    return line


def withhold(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """The line without what must not be in it."""
    return {key: ("…" if key in WITHHELD else value) for key, value in line.items()}


class _Libraries(logging.Handler):
    """Errors that libraries log: from where, and of which kind."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the template on, never the arguments."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().error("library", logger=record.name, template=str(record.msg)[:200], error=kind)
