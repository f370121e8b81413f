"""The caller's language, and refusals said in it.

Refusals come as English templates with named parameters. The catalogue of a language holds the same templates, so
that a message is translated first and filled in afterwards. A message that comes filled in already, such as a
schema's, is recognised by the template it was made of.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any, Final

from flask import Flask, has_request_context, request
from flask_babel import Babel, format_date, get_locale, get_translations, gettext

from contracts.identity.people import LANGUAGES

DEFAULT: Final = "ru"
COOKIE: Final = "language"
#: Parameters of refusals that are texts themselves: the kind of thing that is missing, a fault within another.
_TEXTS: Final = frozenset({"what", "fault", "failure"})
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_DATE: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def install(app: Flask) -> None:
    """Answer each request in its caller's language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=_choose)


def code() -> str:
    """The language of the request: `ru` or `en`."""
    locale = get_locale()
    return locale.language if locale else DEFAULT


def said(template: str, params: dict[str, Any] | None = None) -> str:
    """A refusal's message in the language of the request; the English one where there is no translation."""
    if not template:
        return ""
    if params:
        return _filled(gettext(template), params) or _filled(template, params) or template
    translated = gettext(template)
    if translated != template or code() == "en":
        return translated
    return _said_of_filled_in(template)


def _choose() -> str:
    """By the cookie that a page set, else by Accept-Language, else Russian."""
    if not has_request_context():
        return DEFAULT
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for tag, quality in request.accept_languages:  # the best liked first
        spoken = tag.partition("-")[0].lower()
        if quality > 0 and spoken in LANGUAGES:
            return spoken
    return DEFAULT


def _filled(template: str, params: dict[str, Any]) -> str | None:
    """The template with its parameters; None where they do not fit it."""
    try:
        return template.format(**{name: _shown(name, value) for name, value in params.items()})
    except (KeyError, IndexError, ValueError, AttributeError):
        return None


def _shown(name: str, value: Any) -> Any:
    """Dates as people write them, lists without brackets, texts of ours in the language of the rest."""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_shown(name, item)) for item in value)
    if name in _TEXTS:
        return said(str(value))
    if isinstance(value, str) and _DATE.fullmatch(value):
        return format_date(date.fromisoformat(value), "dd.MM.yyyy")
    return value


def _said_of_filled_in(message: str) -> str:
    catalogue = getattr(get_translations(), "_catalog", {})
    for pattern, template in _patterns(frozenset(key for key in catalogue if isinstance(key, str) and "{" in key)):
        found = pattern.fullmatch(message)
        if found:
            return _filled(gettext(template), found.groupdict()) or message
    return message


@cache
def _patterns(templates: frozenset[str]) -> list[tuple[re.Pattern[str], str]]:
    """What recognises a message made of each template, those with the most words first."""
    ordered = sorted(templates, key=lambda template: (-len(_PARAMETER.sub("", template)), template))
    return [(_pattern(template), template) for template in ordered]


def _pattern(template: str) -> re.Pattern[str]:
    parts = _PARAMETER.split(template)
    seen: set[str] = set()
    pattern = ""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    return re.compile(pattern, re.DOTALL)
