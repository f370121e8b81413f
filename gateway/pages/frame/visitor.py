"""The visitor of a page: who it is by the session's cookies, the chosen school, what the frame shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request
from flask_babel import get_locale

from gateway.door import auth, cookies, keeping, session_cookies
from gateway.door.auth import Caller, TokenChecker
from gateway.pages.frame import kept
from kernel.errors import LyceumError


def install(app: Flask) -> None:
    """Give every template what the frame of a page shows."""
    app.context_processor(
        lambda: {
            "visitor": g.get("caller"),
            "me": me_or_none,
            "leads": leads,
            "child_elsewhere": child_elsewhere,
            "other_schools": other_schools,
            "keeps": keeping.keeps,
            "on_own_device": session_cookies.on_own_device,
            "language": str(get_locale()),
        }
    )


def caller(tokens: TokenChecker) -> Caller:
    """The visitor, by the session in the cookies, in the chosen school or else in the first one.

    Raises `Unauthenticated` if there is no session or it has ended.
    """
    token, claims = session_cookies.session(tokens)
    schools = [membership.tenant_id for membership in claims.memberships]
    remembered = cookies.read(request, session_cookies.SCHOOL)
    wanted = request.args.get("school") or remembered
    chosen = next((school for school in schools if str(school) == wanted), schools[0] if schools else None)
    if chosen is not None and str(chosen) != remembered and len(schools) > 1:
        session_cookies.remember_school(chosen)
    return Caller(token, claims, claims.actor(chosen), by_cookies=True)


def me() -> dict[str, Any]:
    """Who is signed in."""
    if "me" not in g:
        g.me = kept.me()
    found: dict[str, Any] = g.me
    return found


def me_or_none() -> dict[str, Any] | None:
    """As `me`; None if nobody signed in or identity is away, since a page can be shown without it."""
    if auth.caller().actor is None:
        return None
    try:
        return me()
    except LyceumError:
        return None


def membership() -> dict[str, Any] | None:
    """The visitor's membership of the chosen school; None for an operator."""
    return _membership(me())


def _membership(known: dict[str, Any]) -> dict[str, Any] | None:
    school = str(auth.actor().tenant_id)
    return next((held for held in known["memberships"] if held["school_id"] == school), None)


def other_schools() -> list[dict[str, Any]]:
    """The visitor's memberships of other schools than the chosen one, each with where this page is of that school.

    None where identity is away.
    """
    known = me_or_none()
    if known is None:
        return []
    here = str(auth.actor().tenant_id)
    return [
        {**held, "there": _page_in(held["school_id"])} for held in known["memberships"] if held["school_id"] != here
    ]


def _page_in(school_id: str) -> str:
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'school': school_id})}"


def child_elsewhere() -> dict[str, Any] | None:
    """A child of the visitor's in another school than the chosen one, or the visitor as a student there."""
    for held in other_schools():
        own = [held["person_id"]] if "student" in held["roles"] else []
        students = own or [child["student_id"] for child in held["children"]]
        if students:
            return {"student_id": students[0], "school": held["school_id"]}
    return None


def leads(class_id: str | None) -> bool:
    """Whether the visitor is homeroom teacher of the class; without a class (a group of several), of any class."""
    known = me_or_none()
    held = _membership(known) if known else None
    own = [led["class_id"] for led in held["homeroom"]] if held else []
    return bool(own) if class_id is None else class_id in own
