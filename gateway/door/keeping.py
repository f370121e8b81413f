"""What a browser may keep of pages for when there is no connection: one week of the diary of each child.

It may on a device that its person called their own at sign-in. Pages say in headers for whom the browser keeps
anything, and the service worker (`gateway/static/offline/`) removes what it kept of anybody else. Elsewhere nothing is
kept: `Cache-Control: no-store` holds on every device. The header Clear-Site-Data would be too much: it empties the
whole site, marks that teachers typed and that are not sent yet among it.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from flask import Flask, Response, g

from contracts.roles import FAMILIES
from gateway.door import auth, session_cookies

#: The account for which the browser keeps anything, or `NOBODY`. A page that does not know who asks has none.
KEEPS_FOR: Final = "Lyceum-Keeps-For"
NOBODY: Final = "nobody"
#: The student and the Monday of the week of the diary that may be kept.
KEEP: Final = "Lyceum-Keep"


def install(app: Flask) -> None:
    """Add the headers to pages."""
    app.after_request(_add)


def keeps() -> bool:
    """Whether the browser keeps anything for the visitor: parents and students, on a device of their own."""
    claims = auth.caller().claims
    return (
        claims is not None
        and any(FAMILIES.roles & held.roles for held in claims.memberships)
        and session_cookies.on_own_device()
    )


def keep(student_id: UUID, monday: date) -> None:
    """Let the browser keep the page that answers this request, a week of the diary of the visitor's own child."""
    g.week_to_keep = f"{student_id} {monday}"


def keep_nothing() -> None:
    """Let the browser keep nothing from this response on: somebody else may be the next to sign in."""
    g.keeps_nothing = True


def _add(response: Response) -> Response:
    actor = auth.caller().actor
    if response.mimetype != "text/html" or (actor is None and "keeps_nothing" not in g):
        return response
    if actor is None or not keeps():
        response.headers[KEEPS_FOR] = NOBODY
        return response
    response.headers[KEEPS_FOR] = str(actor.account_id)
    if "week_to_keep" in g:
        response.headers[KEEP] = g.week_to_keep
    return response
