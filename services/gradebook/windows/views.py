"""Views of windows: whether something is closed, who keeps it open, and whether it is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.gradebook.rows import View
from services.gradebook.windows.queries import Held, Windows
from services.gradebook.windows.rules.deadlines import Duty
from services.gradebook.windows.rules.edit_windows import EditWindow

#: What nobody has to be told: it is open by itself, and in time.
OPEN: Final[View] = {"closed": None, "opened_until": None, "late": None}
#: What is entered of a lesson itself, as opposed to its marks.
_OF_LESSON = (Duty.TOPIC, Duty.HOMEWORK)


def of_lesson(windows: Windows, lesson: Held) -> View:
    """Whether a lesson's topic and homework are closed, until when they are opened, and whether they are late now."""
    missed = [day for duty in _OF_LESSON if (day := windows.missed(lesson, duty)) is not None]
    return _shown(windows, lesson, None) | {"late": _late(windows, lesson, None, missed)}


def of_marks(windows: Windows, lesson: Held, kind: str) -> View:
    """The same of the marks of a lesson for a kind of work, by its name."""
    return _shown(windows, lesson, kind) | {"late": late_marks(windows, lesson, kind)}


def late_marks(windows: Windows, lesson: Held, kind: str) -> View | None:
    """Since when first marks of a lesson for a kind of work are late, and whether it is asked why; None in time."""
    missed = windows.missed(lesson, Duty.MARKS, kind)
    return _late(windows, lesson, kind, [] if missed is None else [missed])


def closed(windows: Windows, window: EditWindow) -> View | None:
    """Why a window is closed, and since when; None for one that is open."""
    if window.is_open(windows.now):
        return None
    return {
        "by": window.closed_by.value,
        "term": "" if window.term is None else window.term.title,
        "ended_on": window.last_day if window.term is None else window.term.ends_on,
        "last_day": window.open_day(windows.now),
    }


def _shown(windows: Windows, lesson: Held, kind: str | None) -> View:
    window = windows.of(lesson, kind)
    return {"closed": closed(windows, window), "opened_until": window.opened_until(windows.now)}


def _late(windows: Windows, lesson: Held, kind: str | None, missed: Sequence[date]) -> View | None:
    if not missed:
        return None
    return {"due_on": min(missed), "asks_reason": windows.asks_reason(lesson, kind)}
