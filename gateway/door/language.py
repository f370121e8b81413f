"""The caller's language, and the translation of texts into it.

Refusals, faults and failures arrive as English templates with named parameters (`Text`). The catalogue of a language
holds the same templates: a template is translated first and filled in afterwards. A sentence without a template, from
an older service or an older row, is translated if the catalogue holds that very sentence, and else shown unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, format_date, get_locale, get_translations, gettext, lazy_gettext
from markupsafe import Markup

from contracts.identity.people import LANGUAGES
from gateway.door import cookies
from kernel.texts import Text

DEFAULT: Final = "ru"
COOKIE: Final = "language"
#: Service → what a school calls it, for the parameter `service`.
_PARTS: Final = {
    "attendance": lazy_gettext("attendance"),
    "gradebook": lazy_gettext("the journal"),
    "identity": lazy_gettext("users and signing in"),
    "notifications": lazy_gettext("letters"),
    "printing": lazy_gettext("printing"),
}


def install(app: Flask) -> None:
    """Answer each request in its caller's language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=_choose)
    env: Any = app.jinja_env  # the extension for translations adds the method
    env.install_gettext_callables(
        lambda text: _translations().ugettext(text),
        lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )
    env.globals["_"] = _in_template


def _translations() -> Any:
    """The catalogue of the request's language, looked up once: a page has a hundred texts."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def _in_template(text: str, **values: Any) -> Markup:
    """A template's text in the language of the request, with values filled in, as Jinja's own `_` gives it."""
    return _of_catalogue(text) % values if values else _without_values(code(), text)


@lru_cache(maxsize=2048)  # more than all templates have
def _without_values(_language: str, text: str) -> Markup:
    """A text in the language of the request, which is named for the cache."""
    return _of_catalogue(text) % {}


def _of_catalogue(text: str) -> Markup:
    return Markup(_translations().ugettext(text))  # noqa: S704  # a text of ours; what is filled in is escaped


def code() -> str:
    """The language of the request: `ru` or `en`."""
    if not has_request_context():
        return DEFAULT
    chosen: str | None = g.get("language")
    if chosen is None:
        locale = get_locale()
        chosen = g.language = locale.language if locale else DEFAULT
    return chosen


def said(text: Text) -> str:
    """A text in the language of the request; in English if there is no translation."""
    if not text.template:
        return ""
    translated = gettext(text.template)
    if not text.params:
        return translated
    return _filled(translated, text) or _filled(text.template, text) or text.template


def told(sentence: str, wire: Mapping[str, Any] | None) -> str:
    """A sentence of a service in the language of the request; `wire` is its template and parameters, if known."""
    return said(Text.from_wire(wire) if wire else Text(sentence))


def _choose() -> str:
    """The language of the cookie that a page set, else of Accept-Language, else Russian."""
    if not has_request_context():
        return DEFAULT
    chosen = cookies.read(request, COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for tag, quality in request.accept_languages:  # sorted by quality
        spoken = tag.partition("-")[0].lower()
        if quality > 0 and spoken in LANGUAGES:
            return spoken
    return DEFAULT


def _filled(template: str, text: Text) -> str | None:
    """The template filled in with the text's parameters; None if they do not fit."""
    try:
        return template.format(**{name: _shown(value, name) for name, value in text.params.items()})
    except (KeyError, IndexError, ValueError, AttributeError):
        return None


def _shown(value: Any, name: str = "") -> Any:
    """A parameter for people: texts translated, services named, dates as DD.MM.YYYY, lists joined by commas."""
    if name == "service" and value in _PARTS:
        return str(_PARTS[value])
    if isinstance(value, Text):
        return said(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_shown(item)) for item in value)
    if isinstance(value, date):
        return format_date(value, "dd.MM.yyyy")
    return value
