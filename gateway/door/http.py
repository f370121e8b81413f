"""What is HTTP's alone: bodies and headers that are let in, answers, versions of what two people may edit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Final, NoReturn
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from flask import Request, Response, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, LengthRequired, PreconditionRequired, UnsupportedMediaType
from werkzeug.routing import BaseConverter

from kernel.context import Call
from kernel.errors import Invalid, from_schema
from kernel.texts import Text

#: Bytes of a JSON body or a form: a column of marks with comments takes a tenth of it.
MAX_BODY: Final = 1024 * 1024
#: Bytes of an upload: a bundle of a large school, and the frame of a form around it.
MAX_UPLOAD: Final = 64 * 1024 * 1024
JSON: Final = "application/json"
UPLOADS: Final = frozenset({"multipart/form-data", "application/zip", "application/octet-stream"})
IDEMPOTENCY_HEADER: Final = "Idempotency-Key"

#: Years that a date may lie in: outside them it is a slip, and the weeks at the ends of the calendar do not exist.
YEARS: Final = range(1900, 2200)
#: What an idempotency key may be: it is kept for days.
KEY: Final = re.compile(r"[\x21-\x7e]{1,120}")

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_VERSION: Final = re.compile(r'"(\d{1,9})"')


# --- coming in ---------------------------------------------------------------------------------------


def call_of(incoming: Request) -> Call:
    """The circumstances that the request's headers tell. An id of another form than ours is replaced."""
    call = Call()
    request_id = incoming.headers.get("X-Request-Id", "")
    if _REQUEST_ID.fullmatch(request_id):
        call.call_id = request_id
    traceparent = incoming.headers.get("traceparent", "")
    if _TRACEPARENT.fullmatch(traceparent):
        call.traceparent = traceparent
    return call


def idempotency_key(incoming: Request) -> str | None:
    """The key that makes repeating a change harmless. Raises `Invalid` where it could not be kept."""
    key = incoming.headers.get(IDEMPOTENCY_HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise Invalid(
            "A key is 1 to 120 visible ASCII characters without spaces.",
            rule="idempotency-key",
            field=IDEMPOTENCY_HEADER,
        )
    return key


def check_text(incoming: Request) -> None:
    """Refuse what no database stores, in path and query, and values of the path that have not their form."""
    for name, value in (incoming.view_args or {}).items():
        if isinstance(value, Malformed):
            raise Invalid.of(value.text, rule=value.rule, field=name)
    for name, value in incoming.args.items(multi=True):
        if "\0" in value or "\ufffd" in value:
            raise Invalid("The text holds characters that are none.", rule="text", field=name)


def check_length(incoming: Request) -> None:
    """Refuse a body that does not say beforehand how long it is: what is too large is told without reading it."""
    if "Transfer-Encoding" in incoming.headers:
        raise LengthRequired("Send the body with its length (Content-Length), not in chunks.")


def check_json(incoming: Request) -> None:
    """Refuse a body of another kind than JSON."""
    if incoming.mimetype != JSON:
        raise UnsupportedMediaType("Send the body as application/json.")


class Malformed(str):
    """A value in a path that has not the form its route asks for."""

    __slots__ = ()
    rule: ClassVar[str]
    text: ClassVar[Text]


class MalformedId(Malformed):
    """Not a UUID."""

    __slots__ = ()
    rule = "uuid"
    text = Text("Not a valid UUID.")


class MalformedDate(Malformed):
    """Not a date."""

    __slots__ = ()
    rule = "date"
    text = Text("Not a valid date.")


def checked_day(value: str) -> date:
    """A date in the years we know. Raises ValueError."""
    day = date.fromisoformat(value)
    if day.year not in YEARS:
        raise ValueError("a year that no school has seen")
    return day


class IdConverter(BaseConverter):
    """A UUID in a path. Another text is marked `Malformed`, so that the answer can name the field."""

    def to_python(self, value: str) -> UUID | Malformed:
        """The id, or the text that is none."""
        try:
            return UUID(value) if len(value) == 36 else MalformedId(value)
        except ValueError:
            return MalformedId(value)


class DateConverter(BaseConverter):
    """A date in a path, YYYY-MM-DD."""

    def to_python(self, value: str) -> date | Malformed:
        """The date, or the text that is none."""
        try:
            return checked_day(value) if len(value) == 10 else MalformedDate(value)
        except ValueError:
            return MalformedDate(value)


class Parser(FlaskParser):
    """Bodies and queries by their schemas. A query's unknown parameter is refused as a body's field is."""

    def __init__(self) -> None:
        super().__init__()
        self.DEFAULT_UNKNOWN_BY_LOCATION = {**self.DEFAULT_UNKNOWN_BY_LOCATION, "query": "raise"}

    def _raw_load_json(self, req: Request) -> Any:
        check_json(req)
        return decoded(req.get_data(cache=True))

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The decoded body."""
        return self._raw_load_json(req)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_options: Any) -> NoReturn:
        """Refuse naming each field, as a service does."""
        (messages,) = error.normalized_messages().values()  # webargs names the location first
        raise from_schema(messages if isinstance(messages, dict) else {"_schema": messages})


def decoded(body: bytes) -> Any:
    """A JSON body. Raises `BadRequest` for what is no JSON, `Invalid` for text that no database stores."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadRequest("The body is not JSON.") from None
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    if b"\\u0000" in body:
        for path in _with_nul(value, ""):
            raise Invalid("The text holds characters that are none.", rule="text", field=path)
    return value


def _with_nul(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, str):
        if "\0" in value:
            yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _with_nul(key, path)
            yield from _with_nul(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _with_nul(item, f"{path}.{index}" if path else str(index))


# --- going out ---------------------------------------------------------------------------------------


def answered(value: Any, status: int = 200, **headers: str) -> Response:
    """A service's answer as it came: it has the contract's form already and is not dumped again."""
    response = Response(msgspec.json.encode(value), status, mimetype=JSON)
    for name, text in headers.items():
        response.headers[name.replace("_", "-")] = text
    return response


def done() -> Response:
    """It was done, and there is nothing to say."""
    return Response(status=204)


def link_to_next(after: str) -> str:
    """The Link header of a page of a list whose next one starts after this (RFC 8288)."""
    query = urlencode({**request.args.to_dict(), "after": after})
    return f'<{request.path}?{query}>; rel="next"'


def etag_of(version: int) -> str:
    """The ETag of a version, ready for the header."""
    return f'"{version}"'


def expected_version(incoming: Request) -> int:
    """The version that a change starts from, by If-Match.

    Raises `PreconditionRequired` (428) without the header and `Invalid` where it holds no ETag of ours.
    """
    given = incoming.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired("Say in If-Match which version you change: the ETag of the last answer.")
    found = _VERSION.fullmatch(given.strip())
    if found is None:
        raise Invalid("If-Match holds one ETag of an answer.", rule="if-match", field="If-Match")
    return int(found.group(1))
