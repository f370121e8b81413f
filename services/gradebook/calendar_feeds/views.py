"""Views of calendar feeds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from services.gradebook.rows import View

_LESSON: Final = (
    "lesson_id", "title", "class_name", "group_name", "date", "number", "starts", "ends", "classroom", "state",
    "moved_to", "moved_number", "substitute",
)  # fmt: skip


def lessons(shown: Iterable[View]) -> list[View]:
    """Lessons as weeks show them, without what names a person or says why."""
    return [{name: one[name] for name in _LESSON} for one in shown]


def feed(content: View, known: str) -> View:
    """A `FeedView`; without its lessons where the asker knows a feed that says the same."""
    digest = hashlib.blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()
    unchanged = digest == known
    return {**content, **({"lessons": []} if unchanged else {}), "digest": digest, "unchanged": unchanged}
