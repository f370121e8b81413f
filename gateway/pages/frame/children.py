"""The children whom a visitor can look at, each at addresses of its own, so that nobody takes one for another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from gateway.composed.names import names_of, texts
from gateway.door import auth, cookies, session_cookies
from gateway.pages.frame import visitor
from kernel.errors import Fault, NotFound
from kernel.names import GIVEN


def children() -> list[dict[str, Any]]:
    """The visitor's children in every school, each with its school and the `text` that tells it from the others.

    A student counts as its own child.
    """
    found = []
    for membership in visitor.me()["memberships"]:
        school = {"school_id": membership["school_id"], "school_name": membership["school_name"]}
        found += [{**child, **school} for child in membership["children"]]
        if "student" in membership["roles"]:
            found.append({**membership, "student_id": membership["person_id"]})
    told = texts({child["student_id"]: child for child in found}, GIVEN)
    return [{**child, "text": told[child["student_id"]]} for child in found]


def to_first(endpoint: str) -> Answer | str:
    """Redirect to a child in the chosen school, or else in any: the one that was looked at last, or the first."""
    known = children()
    here = [child for child in known if child["school_id"] == str(auth.actor().tenant_id)]
    if not known:
        return render_template("family/no-child.html")
    last = cookies.read(request, session_cookies.CHILD)
    child = next((one for one in here or known if one["student_id"] == last), (here or known)[0])
    return redirect(url_for(endpoint, student_id=child["student_id"], **_school_of(child)), 303)


def shown_student(student_id: UUID) -> dict[str, Any]:
    """The student whom a page shows, and the children that the visitor can choose from.

    A child of several is remembered, for pages whose address names none.
    """
    try:
        known = children()
    except Fault:  # the page can be read without the student's name
        return {"student": {"student_id": str(student_id), "name": "", "class_name": None}, "children": []}
    student = next((child for child in known if child["student_id"] == str(student_id)), None)
    if student is None:  # a member of staff looks at the page
        names = names_of({str(student_id)})
        found = names.get(str(student_id), {"name": ""})
        student = {"student_id": str(student_id), "name": found["name"], "class_name": None}
    elif len(known) > 1 and cookies.read(request, session_cookies.CHILD) != str(student_id):
        session_cookies.remember_child(str(student_id))
    return {"student": student, "children": known}


def closed(refusal: NotFound, student_id: UUID) -> tuple[str, int] | Answer:
    """What a parent reads at a diary that no consent opens: of any other family's, the same.

    A child of the visitor's in another school than the chosen one is shown there: it was chosen in another tab.
    """
    child = next((one for one in children() if one["student_id"] == str(student_id)), None)
    school = _school_of(child) if child else {}
    if school and "school" not in request.args:
        parts = {**request.args.to_dict(), **(request.view_args or {}), **school}
        return redirect(url_for(request.endpoint or "", **parts), 303)
    if refusal.rule != "no-such-student" or not auth.actor().has("parent"):
        raise refusal
    return render_template("family/closed.html"), refusal.status


def _school_of(child: dict[str, Any]) -> dict[str, Any]:
    """The parameter of the address that chooses the child's school, if another one is chosen."""
    return {} if child["school_id"] == str(auth.actor().tenant_id) else {"school": child["school_id"]}
