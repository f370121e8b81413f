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
    return form.form.get(ACCOUNT_FIELD, _account()) != _account()


def to_send_again(form: Request) -> tuple[tuple[str, str], ...]:
    """The fields of a refused form, to be shown again with a new token to the person who filled it in.

    Empty if another site or a page of another account may have sent it, if it holds a file, which cannot be shown
    again, or if nobody is signed in: then the form may hold a password.
    """
    own = ACCOUNT_FIELD in form.form and not is_anothers(form) and own_pages.is_from_here(form)
    if not own or any(file.filename for file in form.files.values()):
        return ()
    return tuple((name, value) for name, value in form.form.items(multi=True) if name != FIELD)


def _account() -> str:
    """The account that is signed in; empty if nobody is, or the page is for everybody."""
    actor = auth.caller().actor
    return str(actor.account_id) if actor else ""
