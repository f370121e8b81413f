"""What tests expect of answers: problems that name field and rule, lists, versions."""

from __future__ import annotations

import re
from typing import Any

MEDIA_TYPE = "application/problem+json"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def refused(answer: Any, status: int, rule: str | None = None, field: str | None = None) -> dict[str, Any]:
    """The problem document of an answer with this status, rule and field."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    assert answer.mimetype == MEDIA_TYPE
    told: dict[str, Any] = answer.get_json(force=True)
    assert told["status"] == status
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert told["type"] == f"urn:lyceum:problem:{told['rule']}"
    assert told["title"], "a problem has a title"
    assert told["detail"], "a problem says what is wrong"
    if rule is not None:
        assert told["rule"] == rule, told
    if field is not None:
        assert told.get("field") == field, told
    return told


def same_refusal(one: Any, other: Any) -> None:
    """Assert that two answers differ at most in the id asked for and the request's: a caller learns nothing."""
    refused(other, one.status_code)
    assert ID.sub("id", one.text) == ID.sub("id", other.text)


def answered(answer: Any, status: int = 200) -> Any:
    """The JSON of an answer with this status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    return answer.get_json()
