"""The OpenAPI document, and answers that keep to it whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contracts import SERVICES
from contracts.roles import OPERATOR
from gateway.door import policy
from gateway.rest import MODULES
from gateway.rest.openapi import PREFIX
from tests.gateway.site import Site, operator

METHODS = ("get", "post", "put", "patch", "delete")
#: Role → who has it in the school, first those who get furthest.
ASKING = {
    "teacher": "teacher", "methodologist": "methodologist", "director": "director", "parent": "mother",
    "student": "anna", OPERATOR: "",
}  # fmt: skip
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def document(lasting: Site) -> dict[str, Any]:
    found: dict[str, Any] = lasting.app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def test_the_document_is_openapi_3_1_and_its_schemas_are_schemas(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_schema_has_the_name_of_its_own_class(document: dict[str, Any]) -> None:
    """Of two schemas with one name the second would be numbered, and its name change with their order."""
    assert [name for name in document["components"]["schemas"] if not name.isalpha()] == []


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    found = set(references(document))
    assert found
    for reference in found:
        target: Any = document
        for key in reference.removeprefix("#/").split("/"):
            target = target[key]


def test_every_route_of_the_api_is_in_the_document(lasting: Site, document: dict[str, Any]) -> None:
    documented = {(path, method) for path, method, _ in operations(document)}
    routes = {
        (rule.rule.replace("<id:", "{").replace("<day:", "{").replace(">", "}"), method.lower())
        for rule in lasting.app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and not rule.rule.endswith("openapi.json")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert documented == routes


def test_only_files_have_views_of_their_own(lasting: Site) -> None:
    rows = {(f"{PREFIX}{route.rule}", str(route.verb)) for module in MODULES for route in module.ROUTES}
    served = {
        (rule.rule, method)
        for rule in lasting.app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rows <= served
    assert served - rows == {
        (f"{PREFIX}/openapi.json", "GET"),
        (f"{PREFIX}/imports", "POST"),
        (f"{PREFIX}/years/<id:year_id>/days-file", "POST"),
        (f"{PREFIX}/years/<id:year_id>/timetable/file", "POST"),
        (f"{PREFIX}/plans/files", "POST"),
        (f"{PREFIX}/past/files", "POST"),
        (f"{PREFIX}/lessons/<id:lesson_id>/homework/files", "POST"),
        (f"{PREFIX}/homework-files/<id:file_id>", "GET"),
        (f"{PREFIX}/print-jobs/<id:job_id>/document", "GET"),
    }


def test_every_operation_tells_its_roles_its_errors_and_its_headers(document: dict[str, Any]) -> None:
    routes = [route for module in MODULES for route in module.ROUTES]
    versioned = {(route.verb.lower(), f"{PREFIX}{route.path}") for route in routes if route.by_if_match}
    for path, method, operation in operations(document):
        name = operation["x-operation"]
        assert operation["summary"], path
        assert operation["responses"]["default"], path
        headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method != "get"), path
        assert ("If-Match" in headers) == ((method, path) in versioned), path
        if policy.is_public(name):
            assert operation["security"] == [], path
        else:
            assert operation["x-roles"] == policy.roles_of(name), path


def test_the_document_and_its_page_need_no_token(lasting: Site) -> None:
    client = lasting.app.test_client()
    assert client.get(f"{PREFIX}/openapi.json").status_code == 200
    page = client.get("/api/docs").text
    assert "https://" not in page
    assert "http://" not in page


@pytest.mark.slow
@pytest.mark.parametrize("may", [True, False], ids=["who may", "who may not"])
@pytest.mark.parametrize("service", SERVICES)
def test_whatever_is_asked_the_answer_is_one_of_the_document(lasting: Site, service: str, may: bool) -> None:
    """Requests made up from the document, good and bad: no mistake of ours, no answer that it does not describe.

    One who may ask for an operation makes them, and one who may not; each service's are a test, to run side by side.
    """
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", lasting.app)
    tried = 0
    for found in schema.get_all_operations():
        described = found.ok()
        name = described.definition.raw["x-operation"]
        # signing out is left out: the token is needed to the end
        if name.partition(".")[0] != service or described.path.endswith("/sessions/current"):
            continue
        tried += 1
        if may or not policy.is_public(name):
            ask(described, headers_of(lasting, name, may), 12 if may else 2)
    assert tried


def headers_of(site: Site, operation: str, may: bool) -> dict[str, str]:
    """Somebody who may ask for the operation, or may not: nobody in particular where all who signed in may."""
    for role, person in ASKING.items():
        if not policy.is_public(operation) and policy.allows(operation, frozenset({role})) == may:
            actor = operator() if role == OPERATOR else getattr(site.school, person)
            return {"Authorization": f"Bearer {site.token(actor)}"}
    return {}


def test_for_every_operation_there_is_somebody_who_may_ask_for_it(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        name = operation["x-operation"]
        assert policy.is_public(name) or any(policy.allows(name, frozenset({role})) for role in ASKING), name


def ask(operation: Any, headers: dict[str, str], examples: int) -> None:
    """Some requests to one operation, good ones and bad ones, the same each time."""

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode)))
    def run(case: Any) -> None:
        # schemathesis asks an application for compressed answers and does not expand them
        case.call_and_validate(headers={**headers, "Accept-Encoding": "identity"}, checks=CHECKS)

    run()
