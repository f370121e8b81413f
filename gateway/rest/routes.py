"""Tables of addresses: a row joins an address to a service's method, and the rest follows from the method.

    ROUTES = (
        post("/marks", Marks.post_mark),
        patch("/marks/{mark_id}", Marks.change_mark),
        get("/students/{student_id}/diary", Journal.diary_week, answer=diary.week, view=DiaryView),
    )

- A name in the path is a field of the command. The other fields come from the query (GET, DELETE) or from a JSON body;
  a `version` comes from If-Match, except with GET.
- GET calls the method with `ask`, every other verb with `carry_out`: repeated with its Idempotency-Key, a command is
  carried out once.
- An answer without fields is 204. POST is 201, with Location if the table has a GET for what was made; the other verbs
  are 200.
- A view with a `version` sets ETag, and a GET whose If-None-Match names it is answered 304 without a body; a view with
  `next` sets a Link to the next page.
- The OpenAPI document takes the summary from the method and the description of fields from its command.

A row that cannot be right raises `RouteError` when the application starts.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from http import HTTPMethod
from typing import Any, Final, TypedDict, Unpack
from uuid import UUID

from flask import Response, request
from marshmallow import Schema, fields

from gateway.door.asking import TIMEOUT, ask, carry_out
from gateway.door.auth import operation
from gateway.door.http import answered, done, etag_of, expected_version, link_to_next, tagged
from gateway.rest.openapi import ApiBlueprint, changes_version
from kernel.contract import Rpc, View

Values = dict[str, Any]

#: Type of a command's field, or of a parameter of the `answer` function → converter of the path.
CONVERTERS: Final[Mapping[Any, str]] = {fields.UUID: "id", fields.Date: "day", UUID: "id", date: "day"}
#: Verbs that have no body.
WITHOUT_BODY: Final = frozenset({HTTPMethod.GET, HTTPMethod.DELETE})

_NAME: Final = re.compile(r"\{(\w+)\}")


class RouteError(ValueError):
    """A row of a table of addresses that cannot be right."""


class Options(TypedDict, total=False):
    """What a row states because it does not follow from its method."""

    #: Composes the answer of several calls. It takes fields of the path and of the command by their names; fields that
    #: it does not take are no part of the form.
    answer: Callable[..., Any]
    #: The view of what `answer` returns, if it is another than the method's.
    view: type[View]
    #: The status of a response with a body.
    status: int
    #: Seconds to wait for the service, where it looks into a file.
    timeout: float
    #: A POST that changes nothing: status 200, and a repetition calls the method again.
    reads: bool
    #: The answer's ETag is made of all of it, as it has no version: a GET that names it is answered 304.
    tagged: bool
    #: Fields of the command that this address does not accept.
    without: tuple[str, ...]
    #: Name in the path → the field's name, where they differ.
    path_names: Mapping[str, str]
    #: The endpoint's name, if a method has several addresses.
    name: str
    #: The summary in the OpenAPI document, if the method's own does not fit.
    summary: str


@dataclass(frozen=True)
class Route:
    """A row. Raises `RouteError` if it cannot be right."""

    verb: HTTPMethod
    path: str
    method: Rpc
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        self._check_names()
        self._check_converters()
        self._check_required()
        if "view" in self.options and self.composed is None:
            raise self._error("says `view` without `answer`; the answer is the method's own then")

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"

    @property
    def name(self) -> str:
        """The name of its endpoint within the service."""
        return self.options.get("name", self.method.name)

    @property
    def shape(self) -> str:
        """The path without the names in it."""
        return _NAME.sub("{}", self.path)

    @property
    def composed(self) -> Callable[..., Any] | None:
        """The function that composes the answer of several calls."""
        return self.options.get("answer")

    @cached_property
    def path_fields(self) -> dict[str, str]:
        """Name in the path → the field that it fills."""
        renamed = self.options.get("path_names", {})
        return {name: renamed.get(name, name) for name in _NAME.findall(self.path)}

    @cached_property
    def rule(self) -> str:
        """The path as a Flask rule, with converters."""
        return _NAME.sub(lambda found: f"<{self._converter(self.path_fields[found[1]])}:{found[1]}>", self.path)

    @cached_property
    def view(self) -> Schema:
        """The schema of the answer."""
        cls = self.options.get("view")
        return cls() if cls else self.method.answer

    @property
    def status(self) -> int:
        """The status of a successful response."""
        if not self.view.fields:
            return 204
        made = self.verb is HTTPMethod.POST and not self.options.get("reads")
        return self.options.get("status", 201 if made else 200)

    @property
    def timeout(self) -> float:
        """Seconds to wait for the service."""
        return self.options.get("timeout", TIMEOUT)

    @cached_property
    def by_if_match(self) -> bool:
        """Whether If-Match gives the version to change."""
        return self.verb is not HTTPMethod.GET and "version" in self._beside_path

    @cached_property
    def form(self) -> Schema | None:
        """The schema of the query or body: the command without fields that come from elsewhere."""
        asked = [name for name in self._beside_path if not (self.by_if_match and name == "version")]
        left_out = tuple(name for name in self.method.command.fields if name not in asked)
        return type(self.method.command)(exclude=left_out) if asked else None

    @property
    def doc(self) -> str:
        """The summary and, if there is a form, its description."""
        told = self.options.get("summary") or inspect.getdoc(self.composed or self.method) or ""
        summary, _, _ = told.partition("\n\n")
        return f"{summary}\n\n{inspect.getdoc(type(self.form))}" if self.form else summary

    def values(self, form: Values, path: Values) -> Values:
        """The command's fields from a request. Raises what `expected_version` raises."""
        command = form | {self.path_fields[name]: value for name, value in path.items()}
        return command | {"version": expected_version(request)} if self.by_if_match else command

    def call(self, command: Values) -> Any:
        """The answer, as JSON values. Raises what the service refuses with."""
        if self.composed is not None:
            return self.composed(**command)
        asks = self.verb is HTTPMethod.GET or self.options.get("reads")
        return (ask if asks else carry_out)(self.method, timeout=self.timeout, **command)

    @cached_property
    def _beside_path(self) -> list[str]:
        """Fields of the command that do not come from the path."""
        elsewhere = {*self.path_fields.values(), *self.options.get("without", ())}
        return [name for name in self.method.command.fields if name not in elsewhere and self._takes(name)]

    @cached_property
    def _signature(self) -> dict[str, inspect.Parameter]:
        return dict(inspect.signature(self.composed, eval_str=True).parameters) if self.composed else {}

    @cached_property
    def _parameters(self) -> dict[str, inspect.Parameter]:
        """The parameters that the `answer` function takes by name."""
        named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        return {name: one for name, one in self._signature.items() if one.kind in named}

    @cached_property
    def _takes_every_field(self) -> bool:
        return self.composed is None or any(one.kind is one.VAR_KEYWORD for one in self._signature.values())

    def _takes(self, name: str) -> bool:
        return name in self._parameters or (self._takes_every_field and name in self.method.command.fields)

    def _converter(self, name: str) -> str | None:
        command = self.method.command.fields
        kind = type(command[name]) if name in command else self._parameters[name].annotation
        return CONVERTERS.get(kind)

    def _check_names(self) -> None:
        for name in self.options.get("without", ()):
            if name not in self.method.command.fields:
                raise self._error(f"leaves out {name}, which is no field of {self.method}")
        for name in self.options.get("path_names", {}):
            if name not in self.path_fields:
                raise self._error(f"renames {name}, which is not in its path")
        for name in self.path_fields.values():
            if not self._takes(name):
                raise self._error(f"has {name} in its path, which is no field of {self._answerer}")

    def _check_converters(self) -> None:
        for name in self.path_fields.values():
            if self._converter(name) is None:
                raise self._error(f"has {name} in its path, which is neither an id nor a date")

    def _check_required(self) -> None:
        """Every required field or parameter comes from the path or the form."""
        needed = [name for name, one in self._parameters.items() if one.default is one.empty]
        if self._takes_every_field:
            needed += [name for name, one in self.method.command.fields.items() if one.required]
        for name in needed:
            if name not in {*self.path_fields.values(), *self._beside_path}:
                raise self._error(f"does not give {name}, which {self._answerer} asks for")

    @property
    def _answerer(self) -> str:
        return f"{self.composed.__module__}.{self.composed.__name__}" if self.composed else repr(self.method)

    def _error(self, what: str) -> RouteError:
        return RouteError(f"The address {self} {what}.")


def get(path: str, method: Rpc, **options: Unpack[Options]) -> Route:
    """An address that reads; fields come from the query."""
    return Route(HTTPMethod.GET, path, method, options)


def post(path: str, method: Rpc, **options: Unpack[Options]) -> Route:
    """An address that creates or does something."""
    return Route(HTTPMethod.POST, path, method, options)


def put(path: str, method: Rpc, **options: Unpack[Options]) -> Route:
    """An address that replaces its content."""
    return Route(HTTPMethod.PUT, path, method, options)


def patch(path: str, method: Rpc, **options: Unpack[Options]) -> Route:
    """An address that changes fields."""
    return Route(HTTPMethod.PATCH, path, method, options)


def delete(path: str, method: Rpc, **options: Unpack[Options]) -> Route:
    """An address that deletes its content; fields come from the query."""
    return Route(HTTPMethod.DELETE, path, method, options)


def check(routes: Iterable[Route]) -> None:
    """Raise `RouteError` if two rows have the same address or the same endpoint."""
    addresses: dict[tuple[str, str], Route] = {}
    endpoints: dict[tuple[str, str], Route] = {}
    for route in routes:
        if (first := addresses.setdefault((route.verb, route.shape), route)) is not route:
            raise RouteError(f"The address {route} stands twice: for {first.method} and for {route.method}.")
        if (first := endpoints.setdefault((route.method.service, route.name), route)) is not route:
            raise RouteError(
                f"The name {route.name} stands twice: for {first} and for {route}. Give one of them a `name`."
            )


def serve(routes: Iterable[Route], blueprint: ApiBlueprint) -> None:
    """Add a view for each row to the blueprint."""
    table = tuple(routes)
    readable = {route.shape for route in table if route.verb is HTTPMethod.GET}
    for route in table:
        located = route.verb is HTTPMethod.POST and f"{route.shape}/{{}}" in readable and "id" in route.view.fields
        view = _view(route, located=located)
        view = blueprint.response(route.status, route.view if route.view.fields else None)(view)
        if route.form:
            location = "query" if route.verb in WITHOUT_BODY else "json"
            view = blueprint.arguments(route.form, location=location)(view)
        view = operation(route.method)(changes_version(view) if route.by_if_match else view)
        blueprint.add_url_rule(route.rule, route.name, view, methods=[route.verb])


def _view(route: Route, *, located: bool) -> Any:
    def view(form: Values | None = None, /, **path: Any) -> Response:
        answer = route.call(route.values(form or {}, path))
        if not route.view.fields:
            return done()
        headers = {}
        if "version" in route.view.fields:
            headers["ETag"] = etag_of(answer["version"])
            if route.verb is HTTPMethod.GET and request.if_none_match.contains(str(answer["version"])):
                return Response(status=304, headers=headers)
        if "next" in route.view.fields and answer["next"]:
            headers["Link"] = link_to_next(answer["next"])
        if located:
            headers["Location"] = f"{request.path}/{answer['id']}"
        response = answered(answer, route.status, **headers)
        return tagged(response, request) if route.options.get("tagged") else response

    view.__name__, view.__doc__ = route.name, route.doc
    return view
