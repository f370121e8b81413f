"""HTTP itself: checks of requests, parsing of bodies and queries, responses, ETags."""

from __future__ import annotations

import re
from datetime import date
from hashlib import blake2b
from typing import Any, ClassVar, Final, NoReturn
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from flask import Request, Response, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, LengthRequired, PreconditionRequired, UnsupportedMediaType
from werkzeug.routing import BaseConverter

from gateway.door import receiving
from kernel.context import Call
from kernel.errors import Invalid, from_schema
from kernel.texts import Text

#: Most bytes of a JSON body or a form. A column of marks with comments takes a tenth of it.
MAX_BODY: Final = receiving.GATHERED
#: Most bytes of an upload: the bundle of a large school, with the multipart form around it.
MAX_UPLOAD: Final = 64 * 1024 * 1024
JSON: Final = "application/json"
UPLOADS: Final = frozenset({"multipart/form-data", "application/zip", "application/octet-stream"})
IDEMPOTENCY_HEADER: Final = "Idempotency-Key"

#: Years of valid dates. Others are typing mistakes, and the first and last weeks of the calendar cannot be computed.
YEARS: Final = range(1900, 2200)
#: The form of an idempotency key, which is stored for days.
KEY: Final = re.compile(r"[\x21-\x7e]{1,120}")

#: The host of a request, with its port or without: names of at most 63 letters between dots, or an address.
HOST: Final = re.compile(r"((?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_VERSION: Final = re.compile(r'"(\d{1,9})"')


# --- requests ----------------------------------------------------------------------------------------


def call_of(incoming: Request) -> Call:
    """The call's context from the request's headers. A malformed X-Request-Id or traceparent is ignored."""
    call = Call()
    request_id = incoming.headers.get("X-Request-Id", "")
    if _REQUEST_ID.fullmatch(request_id):
        call.call_id = request_id
    traceparent = incoming.headers.get("traceparent", "")
    if _TRACEPARENT.fullmatch(traceparent):
        call.traceparent = traceparent
    return call


def idempotency_key(incoming: Request) -> str | None:
    """The request's Idempotency-Key. Raises `Invalid` if it is malformed."""
    key = incoming.headers.get(IDEMPOTENCY_HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise Invalid(
            "A key is 1 to 120 visible ASCII characters without spaces.",
            rule="idempotency-key",
            field=IDEMPOTENCY_HEADER,
        )
    return key


def check_text(incoming: Request) -> None:
    """Refuse malformed values in the path, and characters in the query that no database stores."""
    for name, value in (incoming.view_args or {}).items():
        if isinstance(value, Malformed):
            raise Invalid.of(value.text, rule=value.rule, field=name)
    for name, value in incoming.args.items(multi=True):
        if "\0" in value or "\ufffd" in value:
            raise Invalid("The text holds characters that are none.", rule="text", field=name)


def check_host(incoming: Request) -> None:
    """Refuse a Host header that names no host: what it says gets into addresses and headers of the answer."""
    if not HOST.fullmatch(incoming.host):
        raise BadRequest("The header Host names no host.")


def check_length(incoming: Request) -> None:
    """Refuse a body without Content-Length, so that one that is too large is refused without reading it."""
    if "Transfer-Encoding" in incoming.headers:
        raise LengthRequired("Send the body with its length (Content-Length), not in chunks.")


def check_json(incoming: Request) -> None:
    """Refuse a body of another media type than JSON."""
    if incoming.mimetype != JSON:
        raise UnsupportedMediaType("Send the body as application/json.")


class Malformed(str):
    """A malformed value in a path."""

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
    """A date of one of the `YEARS`. Raises ValueError."""
    day = date.fromisoformat(value)
    if day.year not in YEARS:
        raise ValueError("a year that no school has seen")
    return day


class IdConverter(BaseConverter):
    """A UUID in a path. Other text becomes `MalformedId`, so that the refusal can name the field."""

    def to_python(self, value: str) -> UUID | Malformed:
        """The id, or the malformed text."""
        try:
            return UUID(value) if len(value) == 36 else MalformedId(value)
        except ValueError:
            return MalformedId(value)


class DateConverter(BaseConverter):
    """A date in a path, YYYY-MM-DD. Other text becomes `MalformedDate`."""

    def to_python(self, value: str) -> date | Malformed:
        """The date, or the malformed text."""
        try:
            return checked_day(value) if len(value) == 10 else MalformedDate(value)
        except ValueError:
            return MalformedDate(value)


class Parser(FlaskParser):
    """Parses bodies and queries by their schemas. Unknown parameters of a query are refused, as unknown fields are."""

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
        """Raise `Invalid` with a fault for each field, as a service does."""
        (messages,) = error.normalized_messages().values()  # webargs names the location first
        raise from_schema(messages if isinstance(messages, dict) else {"_schema": messages})


def decoded(body: bytes) -> Any:
    """A JSON body. Raises `BadRequest` if it is not JSON, `Invalid` for NUL characters, which no database stores."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadRequest("The body is not JSON.") from None
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    if b"\\u0000" in body and (path := _place_of_nul(value)) is not None:
        raise Invalid("The text holds characters that are none.", rule="text", field=path)
    return value


def _place_of_nul(value: Any) -> str | None:
    """The path of a text that holds a NUL character. Nothing here calls itself: a body may be nested deeply."""
    left = [(value, "")]
    while left:
        item, path = left.pop()
        if isinstance(item, str):
            if "\0" in item:
                return path
        elif isinstance(item, dict):
            left += [(inner, f"{path}.{key}" if path else key) for key, inner in item.items()]
        elif isinstance(item, list):
            left += [(inner, f"{path}.{index}" if path else str(index)) for index, inner in enumerate(item)]
    return None


# --- responses ---------------------------------------------------------------------------------------


def answered(value: Any, status: int = 200, **headers: str) -> Response:
    """A response with a service's answer. It has the contract's form already, so no schema dumps it again."""
    response = Response(msgspec.json.encode(value), status, mimetype=JSON)
    for name, text in headers.items():
        response.headers[name.replace("_", "-")] = text
    return response


def tagged(response: Response, incoming: Request) -> Response:
    """The response with an ETag made of its body; 304 without a body where If-None-Match names that.

    It is a weak one, equal in meaning, so that the body may be compressed.
    """
    tag = blake2b(response.get_data(), digest_size=16).hexdigest()
    if incoming.if_none_match.contains_weak(tag):
        response = Response(status=304)
    response.set_etag(tag, weak=True)
    return response


def done() -> Response:
    """204, without a body."""
    return Response(status=204)


def link_to_next(after: str) -> str:
    """The Link header to the next page of a list, the one after `after` (RFC 8288)."""
    query = urlencode({**request.args.to_dict(), "after": after})
    return f'<{request.path}?{query}>; rel="next"'


def etag_of(version: int) -> str:
    """The ETag of a version, with its quotes."""
    return f'"{version}"'


def expected_version(incoming: Request) -> int:
    """The version that a change starts from, taken from If-Match.

    Raises `PreconditionRequired` (428) without the header and `Invalid` if it does not hold one ETag of ours.
    """
    given = incoming.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired("Say in If-Match which version you change: the ETag of the last answer.")
    found = _VERSION.fullmatch(given.strip())
    if found is None:
        raise Invalid("If-Match holds one ETag of an answer.", rule="if-match", field="If-Match")
    return int(found.group(1))
