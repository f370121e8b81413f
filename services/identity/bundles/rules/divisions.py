"""Which sessions of a bundle divide a school year together: quarters, and beside them half-years or trimesters.

OneRoster has no word for it. Titles say it («I четверть», `Semester 1`), else what the classes name together. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.gradebook.calendar import HALF_YEARS, MODULES, QUARTERS, TRIMESTERS, WHOLE_YEAR

#: Beginnings of words in titles of sessions → the division they say. The first that is found counts.
_WORDS: Final = (
    ("четверт", QUARTERS),
    ("quarter", QUARTERS),
    ("триместр", TRIMESTERS),
    ("trimest", TRIMESTERS),
    ("модул", MODULES),
    ("module", MODULES),
    ("полугоди", HALF_YEARS),
    ("half", HALF_YEARS),
    ("семестр", HALF_YEARS),
    ("semest", HALF_YEARS),
)
#: Where titles say nothing: the most days that a term of a division has on average.
_LENGTHS: Final = ((80, QUARTERS), (110, TRIMESTERS), (220, HALF_YEARS))
#: The type of sessions that OneRoster means for half-years.
_SEMESTER: Final = "semester"
#: Grades that go by half-years where the school has them; the others go by quarters or trimesters.
SENIOR: Final = range(10, 13)
_OF_SENIORS: Final = (HALF_YEARS, TRIMESTERS, QUARTERS, MODULES, WHOLE_YEAR)
_OF_OTHERS: Final = (QUARTERS, TRIMESTERS, MODULES, HALF_YEARS, WHOLE_YEAR)


@dataclass(frozen=True, slots=True)
class Session:
    """A session below a school year."""

    id: str
    line: int
    type: str
    title: str
    starts_on: date
    ends_on: date

    def overlaps(self, other: Session) -> bool:
        """Whether both have days in common; the last day of the earlier one may be the first of the later one."""
        earlier, later = sorted((self, other), key=lambda one: (one.starts_on, one.ends_on))
        return later.starts_on < earlier.ends_on or later.starts_on == earlier.starts_on


@dataclass(frozen=True, slots=True)
class Division:
    """Sessions that divide a year together, by date. `key` tells it from others of the year: `quarters:2`."""

    key: str
    kind: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class Divided:
    """The divisions of a year, and the pairs of sessions that are of one and overlap."""

    divisions: tuple[Division, ...]
    overlapping: tuple[tuple[Session, Session], ...] = ()


def said_kind(title: str) -> str | None:
    """The division that the title of a session says it is of."""
    words = title.casefold()
    return next((kind for word, kind in _WORDS if word in words), None)


def divided(sessions: Iterable[Session], named: Iterable[Collection[str]]) -> Divided:
    """The divisions of a year. `named`: for each class, the ids of the sessions that it names.

    Sessions with one word for the division in their titles are of one, and those without a word that have one type.
    Where such sessions overlap, two that no class names together are of two divisions, if a class names each of them,
    or if nothing says that they are of one. Otherwise the bundle contradicts itself.
    """
    sets = [frozenset(ids) for ids in named]
    classes, together = Counter(session_id for ids in sets for session_id in ids), _together(sets)
    groups: dict[tuple[bool, str], list[Session]] = defaultdict(list)
    # those that most classes name come first: what overlaps with them is what is special
    for session in sorted(
        sessions, key=lambda one: (-classes[one.id], -len(together.get(one.id, ())), one.starts_on, one.ends_on, one.id)
    ):
        said = said_kind(session.title)
        groups[said is not None, said or session.type].append(session)
    lanes: list[list[Session]] = []
    overlapping: list[tuple[Session, Session]] = []
    for (is_said, _), members in groups.items():
        apart, wrong = _apart(members, together, said=is_said)
        lanes += apart
        overlapping += wrong
    # of several of a kind, the one that most classes name is the first
    lanes = [sorted(lane, key=lambda one: one.starts_on) for lane in lanes]
    lanes.sort(key=lambda lane: (-max(classes[one.id] for one in lane), -len(lane), lane[0].starts_on, lane[0].id))
    return Divided(tuple(_named(lanes)), tuple(overlapping))


def division_by_grade(divisions: Sequence[Division], grade: int | None) -> Division | None:
    """The one of several divisions by which a class of the grade goes: half-years from grade 10, quarters below.

    Of several of a kind it is the first, by which most classes go.
    """
    order = _OF_SENIORS if grade in SENIOR else _OF_OTHERS
    return min(divisions, key=lambda division: (order.index(division.kind), division.key), default=None)


def _together(sets: Iterable[frozenset[str]]) -> dict[str, set[str]]:
    """Session → those that some class names together with it, itself included."""
    found: dict[str, set[str]] = defaultdict(set)
    for ids in set(sets):
        for session_id in ids:
            found[session_id] |= ids
    return found


def _apart(
    sessions: Sequence[Session], together: dict[str, set[str]], *, said: bool
) -> tuple[list[list[Session]], list[tuple[Session, Session]]]:
    """Lists of sessions that do not overlap within a list; and the pairs that do and are of one: they end an import."""
    lanes: list[list[Session]] = []
    overlapping = []
    for session in sessions:
        overlapping += [
            (other, session)
            for lane in lanes
            for other in lane
            if session.overlaps(other) and _are_of_one(session, other, together, said=said)
        ]
        lane = _lane_of(session, lanes, together)
        if lane is None:
            lanes.append([session])
        else:
            lane.append(session)
    return lanes, overlapping


def _are_of_one(first: Session, second: Session, together: dict[str, set[str]], *, said: bool) -> bool:
    if second.id in together.get(first.id, ()):
        return True
    return said and not (first.id in together and second.id in together)


def _lane_of(session: Session, lanes: list[list[Session]], together: dict[str, set[str]]) -> list[Session] | None:
    """The list that a session goes into: that of a session named together with it, else the first with room."""
    free = [lane for lane in lanes if not any(session.overlaps(other) for other in lane)]
    mates = together.get(session.id, set())
    named = [lane for lane in free if any(other.id in mates for other in lane)]
    return next(iter(named or free), None)


def _named(lanes: Iterable[list[Session]]) -> Iterable[Division]:
    seen: dict[str, int] = defaultdict(int)
    for lane in lanes:
        kind = _kind(lane)
        seen[kind] += 1
        yield Division(kind if seen[kind] == 1 else f"{kind}:{seen[kind]}", kind, tuple(lane))


def _kind(sessions: Sequence[Session]) -> str:
    said = said_kind(sessions[0].title)
    if said is not None:
        return said
    if sessions[0].type == _SEMESTER:
        return HALF_YEARS
    average = sum((one.ends_on - one.starts_on).days + 1 for one in sessions) / len(sessions)
    return next((kind for most, kind in _LENGTHS if average <= most), WHOLE_YEAR)
