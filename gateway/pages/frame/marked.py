"""Marks and links of large tables, made without the template engine: a class's page has hundreds of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from flask import url_for
from markupsafe import Markup, escape

# A slash stands between two marks of a cell, and inside `н/а`.
_MARK: Final = re.compile("н/а|[^/]+")
_PLACE: Final = "00000000-0000-4000-8000-{:012x}"


@lru_cache(maxsize=1024)
def marks(value: str) -> Markup:
    """The marks of a cell, `4/5` as two, each in its colour."""
    return _marks(value, "")


@lru_cache(maxsize=1024)
def badges(value: str) -> Markup:
    """The marks of a cell as badges."""
    return _marks(value, "badge-mark ")


def _marks(value: str, css: str) -> Markup:
    spans = (
        f'<span class="{css}mark-{escape(mark.rstrip("+-"))}">{escape(mark)}</span>' for mark in _MARK.findall(value)
    )
    return Markup("/".join(spans))  # noqa: S704  # every part of it is escaped


def links(endpoint: str, *varying: str, **same: object) -> Callable[..., str]:
    """A function of the ids `varying` that returns the address of the endpoint's view, as `url_for` would.

    The address is built once, with ids in the places of those that vary.
    """
    places = [_PLACE.format(number) for number in range(len(varying))]
    pattern = url_for(endpoint, **dict(zip(varying, places)), **same)  # type: ignore[arg-type]  # any parameters

    def link(*ids: str) -> str:
        address = pattern
        for place, one in zip(places, ids, strict=True):
            address = address.replace(place, one)
        return address

    return link
