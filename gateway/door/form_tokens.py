"""Protection of forms against other sites: a form's token belongs to the session in which its page was shown.

So it ends with the session, and no sooner: a page may stay open overnight, and the browser may be started anew. Before
anybody signs in, the token belongs to a cookie. Flask-WTF signs and compares the tokens.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from flask import Flask, Request, current_app, session

from gateway.door import auth, own_pages

#: The field of a form with its token, and the key of the token in Flask's session.
FIELD = "csrf_token"
#: The field of a form with the account that it was shown to.
ACCOUNT_FIELD = "account"
#: Most bytes and fields of a form that is given back: a column of marks with comments takes a tenth of them.
LARGEST = 128 * 1024
MOST_FIELDS = 1_000


def install(app: Flask) -> None:
    """Let forms name the account that they are shown to."""
    app.config["WTF_CSRF_FIELD_NAME"] = FIELD
    app.jinja_env.globals.update(form_account=_account)


def bind(session_id: UUID) -> None:
    """Show and accept in this request only the token of the session."""
    key = str(current_app.secret_key).encode()
    token = hmac.new(key, b"forms of " + session_id.bytes, hashlib.sha256).hexdigest()
    if session.get(FIELD) != token:  # it is in a cookie, which is set only if it changes
        session[FIELD] = token


def forget() -> None:
    """Forget the token, and what else Flask's session holds, as the session of the pages ends."""
    session.clear()


def is_anothers(form: Request) -> bool:
    """Whether the form was shown to another account than the one that is signed in."""
    account = _account()
    return bool(account) and form.form.get(ACCOUNT_FIELD, account) != account


def to_send_again(form: Request) -> tuple[tuple[str, str], ...]:
    """The fields of a refused form, to be shown again with a new token to the person who filled it in.

    Empty if another site or a page of another account may have sent it, or if it cannot be shown again: it is very
    large, or holds a file, or a password (the forms for signing in and for another password name no account).
    """
    small = (form.content_length or 0) <= LARGEST
    if not small or not own_pages.is_from_here(form) or ACCOUNT_FIELD not in form.form or is_anothers(form):
        return ()
    fields = tuple((name, value) for name, value in form.form.items(multi=True) if name != FIELD)
    holds_file = any(file.filename for file in form.files.values())
    return () if holds_file or len(fields) > MOST_FIELDS else fields


def _account() -> str:
    """The account that is signed in; empty if nobody is, or the page is for everybody."""
    actor = auth.caller().actor
    return str(actor.account_id) if actor else ""
