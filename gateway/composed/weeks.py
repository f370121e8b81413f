"""What lessons and classrooms are called on sheets of weeks and in calendars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext


def title(lesson: Mapping[str, Any]) -> str:
    """The course's title without its group and its class, which stand beside it or are known."""
    named = str(lesson["title"])
    for known in (lesson["group_name"], lesson["class_name"]):
        if known:
            named = named.removesuffix(f", {known}").removesuffix(f" {known}")
    return named


def room_name(name: str) -> str:
    """“room 214”; a hall goes by its own name."""
    return gettext("room %(name)s", name=name) if name[:1].isdigit() else name


def moved(lesson: Mapping[str, Any], day: str) -> str:
    """When a cancelled lesson is held instead; `day` is the date in words."""
    if lesson["moved_number"] is None:
        return gettext("moved to %(day)s", day=day)
    return gettext("moved to %(day)s, lesson %(number)s", day=day, number=lesson["moved_number"])


def moved_here(lesson: Mapping[str, Any], day: str) -> str:
    """From where a lesson was moved; `day` is the date in words."""
    if lesson["moved_from_number"] is None:
        return gettext("moved here from %(day)s", day=day)
    return gettext("moved here from %(day)s, lesson %(number)s", day=day, number=lesson["moved_from_number"])
