"""The blueprint that every module of the API uses, and the OpenAPI document made of them."""

from __future__ import annotations

from typing import Any, Final

import flask_smorest
from apispec import APISpec
from flask import Flask
from flask_smorest.utils import deepupdate, prepare_response
from marshmallow import fields

from gateway.door import policy, problems
from gateway.door.auth import SCHOOL_HEADER
from gateway.door.http import IDEMPOTENCY_HEADER, DateConverter, IdConverter, Parser
from kernel.contract import View

PREFIX: Final = "/api/v1"

SCHOOL_PARAMETER: Final = {
    "in": "header",
    "name": SCHOOL_HEADER,
    "required": False,
    "schema": {"type": "string", "format": "uuid"},
    "description": "The school to act in; required if the account belongs to several schools.",
}
KEY_PARAMETER: Final = {
    "in": "header",
    "name": IDEMPOTENCY_HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[!-~]+$"},
    "description": "A key that the caller chooses: a request repeated with the same key is carried out once.",
}
IF_MATCH_PARAMETER: Final = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "description": "The ETag of the state to change. 428 without it, 412 if somebody else changed it first.",
}


class FaultView(View):
    """One broken rule."""

    field = fields.Str(required=True, metadata={"description": "Path of the field, with dots."})
    rule = fields.Str(required=True, metadata={"description": "Stable name of the rule."})
    message = fields.Str(required=True, metadata={"description": "In the caller's language."})


class ProblemView(View):
    """A refusal or fault (RFC 9457), in the caller's language."""

    type = fields.Str(required=True, metadata={"description": "URN of the rule."})
    title = fields.Str(required=True)
    status = fields.Int(required=True)
    detail = fields.Str(required=True)
    rule = fields.Str(required=True, metadata={"description": "Stable name of the rule that was broken."})
    field = fields.Str(metadata={"description": "The field, parameter or header that is wrong."})
    faults = fields.List(fields.Nested(FaultView), metadata={"description": "Every field that breaks a rule."})
    present = fields.Dict(metadata={"description": "With status 412: the current state of the resource."})
    request_id = fields.Str(required=True, metadata={"description": "To find the request in the logs."})


class ApiBlueprint(flask_smorest.Blueprint):
    """A blueprint whose operations are documented with their roles and headers."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, description: str) -> None:
        super().__init__(name, import_name, url_prefix=PREFIX, description=description)
        self._prepare_doc_cbks.append(self._add_roles_and_headers)

    @staticmethod
    def _add_roles_and_headers(
        doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_more: Any
    ) -> dict[str, Any]:
        operation = doc_info["operation"]
        parameters = doc.setdefault("parameters", [])
        added: dict[str, Any] = {"x-operation": operation}
        if policy.is_public(operation):
            added["security"] = []
        else:
            parameters.append(SCHOOL_PARAMETER)
            added["x-roles"] = policy.roles_of(operation)
        if method != "get":
            parameters.append(KEY_PARAMETER)
        if doc_info.get("versioned"):
            parameters.append(IF_MATCH_PARAMETER)
        return deepupdate(doc, added)


def changes_version(view: Any) -> Any:
    """Document that a view requires If-Match."""
    view._apidoc = {**getattr(view, "_apidoc", {}), "versioned": True}
    return view


class Api(flask_smorest.Api):
    """The API. Its errors are problem documents, made by the application's own handlers."""

    DEFAULT_ERROR_RESPONSE_NAME = "PROBLEM"

    def __init__(self, app: Flask) -> None:
        app.config.update(
            API_TITLE="Lyceum",
            API_VERSION="v1",
            OPENAPI_VERSION="3.1.0",
            API_SPEC_OPTIONS={
                "servers": [{"url": "/"}],
                "info": {"description": "The electronic class journal and diary."},
                "security": [{"token": []}],
            },
        )
        super().__init__(app)
        self.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
        for converter, form in ((IdConverter, "uuid"), (DateConverter, "date")):
            self.register_converter(converter, lambda _, form=form: {"type": "string", "format": form})

    def _register_error_handlers(self) -> None:
        """Register none: the application's handlers make problem documents."""

    def _register_pagination_header(self) -> None:
        """Register none: a page of a list names the next page in its body and in Link."""

    def _register_responses(self) -> None:
        spec: APISpec = self.spec
        for name in ("PROBLEM", "UNPROCESSABLE_ENTITY", "UNPROCESSABLE_CONTENT"):
            response = {"description": "Refused, or failed.", "schema": ProblemView}
            prepare_response(response, spec, problems.MEDIA_TYPE)
            spec.components.response(name, response, lazy=True)
