"""What each name of a file means: ours, a new one, nothing; by what a person says, else as is proposed (practice)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.timetable_import import (
    ALIKE,
    CLASS,
    CLASSROOM,
    KINDS,
    KNOWN,
    NEW,
    NONE,
    NOT_THEN,
    REMEMBERED,
    SAME,
    SEVERAL,
    SUBJECT,
    TEACHER,
    UNKNOWN,
)
from kernel.errors import FieldFault, Invalid
from kernel.names import folded
from kernel.texts import Text
from services.gradebook.timetable.readers.timetable import TimetableLesson
from services.gradebook.timetable_import.rules.likeness import Likeness, Ours, most_alike, new_name, same_key
from services.gradebook.timetable_import.rules.names import Named

#: Without these a lesson has no place in the timetable.
NEEDED: Final = (CLASS, SUBJECT)
#: What is made when the file is taken.
_MADE_HERE: Final = (SUBJECT, CLASSROOM)


class Said(NamedTuple):
    """What a person says that a name means."""

    means: str
    id: UUID | None = None


class Proposal(NamedTuple):
    """How ours was found for a name, and those that it may be; one alone is proposed."""

    found: str
    alike: tuple[UUID, ...] = ()

    @property
    def id(self) -> UUID | None:
        """The one that is proposed."""
        return self.alike[0] if self.found in (SAME, REMEMBERED, ALIKE) else None


class Meaning(NamedTuple):
    """What a name means; `means` is None where nobody has said it. `id` is that of a new one, too."""

    means: str | None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the names of a file mean, and what is new: id → its name, by kind."""

    of: dict[Named, Meaning]
    proposals: dict[Named, Proposal]
    new: dict[str, dict[UUID, str]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    #: Names of no lesson but those of classes that are left out: nothing is made of them, and they are not asked about.
    idle: frozenset[Named] = frozenset()

    def id(self, kind: str, name: str) -> UUID | None:
        """The id of what a name means."""
        return self.of[Named(kind, name)].id

    def is_left_out(self, lesson: TimetableLesson) -> bool:
        """Whether somebody said that a lesson's class or subject means nothing."""
        named = (Named(CLASS, lesson.class_name), Named(SUBJECT, lesson.subject))
        return any(self.of[one].means == NONE for one in named)

    @property
    def open(self) -> list[Named]:
        """Classes and subjects of which somebody has to say what they mean."""
        return [
            named
            for named, meaning in self.of.items()
            if meaning.means is None and named.kind in NEEDED and named not in self.idle
        ]


def remembered_key(name: str) -> str:
    """By what a name is remembered, in whatever case and letters the next file has it (practice)."""
    return folded(name)


def proposal(
    named: Named, ours: Sequence[Ours], remembered: Mapping[tuple[str, str], UUID], *, other_year: bool = False
) -> Proposal:
    """What is proposed for a name: what it meant in an earlier file, else the one of ours that is most like it.

    Where several are equally like it, none is proposed (practice). What is not there any more is not remembered. In
    another year than the present one a class is known by its name there alone: an earlier file meant that of its year.
    """
    if other_year and named.kind == CLASS:
        remembered = {}
    before = remembered.get((named.kind, remembered_key(named.name)))
    likeness, ids = most_alike(named.kind, named.name, ours)
    is_remembered = before is not None and any(one.id == before for one in ours)
    if before is not None and is_remembered and not (likeness is Likeness.SAME and ids == (before,)):
        return Proposal(REMEMBERED, (before,))
    if not ids:
        return Proposal(NOT_THEN if other_year and named.kind == CLASS else UNKNOWN)
    if len(ids) > 1:
        return Proposal(SEVERAL, ids)
    return Proposal(SAME if likeness is Likeness.SAME else ALIKE, ids)


def meanings(
    names: Iterable[Named],
    ours: Mapping[str, Sequence[Ours]],
    remembered: Mapping[tuple[str, str], UUID],
    said: Mapping[Named, Said],
    new_id: Callable[[], UUID],
    *,
    unknown_is_new: bool = False,
    new_teachers: Collection[str] = (),
    idle: Collection[Named] = (),
    other_year: bool = False,
) -> Meanings:
    """What the names of a file mean (practice).

    A new one whose name one of ours has is that one. Two names of the file that are the same but for case and blanks
    are one new thing. `unknown_is_new`: so is whatever is like none of ours and of which nothing is said; of teachers,
    who are people, only those who are `new_teachers`. Of names that are `idle` nothing is made. In another year
    than the present one no class is made: it would be one of today.
    """
    found = Meanings({}, {}, idle=frozenset(idle))
    made: dict[tuple[str, str], UUID] = {}
    for named in names:
        proposed = proposal(named, ours[named.kind], remembered, other_year=other_year)
        found.proposals[named] = proposed
        told = said.get(named)
        if told is not None and told.means == NEW and proposed.found == NOT_THEN:
            told = None
        may_be_new = named.name in new_teachers if named.kind == TEACHER else unknown_is_new
        if told is None and may_be_new and proposed.found == UNKNOWN:
            told = Said(NEW)
        if told is None:
            found.of[named] = Meaning(KNOWN, proposed.id) if proposed.id else Meaning(None)
        elif told.means == NEW and proposed.found != SAME:
            key = named.kind, same_key(named.kind, named.name)
            made_id = made.setdefault(key, new_id())
            if named not in found.idle:
                found.new[named.kind].setdefault(made_id, new_name(named.kind, named.name))
            found.of[named] = Meaning(NEW, made_id)
        elif told.means == NONE:
            found.of[named] = Meaning(NONE)
        else:
            found.of[named] = Meaning(KNOWN, proposed.id if told.means == NEW else told.id)
    return found


def check_said(said: Sequence[tuple[Named, Said]], ours: Mapping[str, Sequence[Ours]]) -> None:
    """Refuse a name that means one that the school does not have (practice)."""
    known = {kind: {one.id for one in them} for kind, them in ours.items()}
    faults = [
        FieldFault.of(f"names.{index}.id", "no-such-thing", Text("Say which one “{name}” is.", {"name": named.name}))
        for index, (named, one) in enumerate(said)
        if one.means == KNOWN and one.id not in known[named.kind]
    ]
    if faults:
        raise Invalid.of(faults[0].text, rule=faults[0].rule, field=faults[0].field, faults=tuple(faults))


def check_can_be_taken(found: Meanings) -> None:
    """Refuse to take a file while the meaning of a class or subject is open, or a class or teacher is yet to be made.

    Classes and people belong to another part of the system: they are made there first (practice).
    """
    open_names = found.open
    if open_names:
        raise Invalid(
            "Say of each class and subject of the file what it is: “{name}” and {others} more are open.",
            rule="names-open",
            field="names",
            name=open_names[0].name,
            others=len(open_names) - 1,
        )
    for kind, new in found.new.items():
        if new and kind not in _MADE_HERE:
            raise Invalid(
                "“{name}” is not there yet. Make it first, then take the file.",
                rule="not-made",
                field="names",
                name=next(iter(new.values())),
            )


def to_remember(
    found: Meanings, remembered: Mapping[tuple[str, str], UUID], *, other_year: bool = False
) -> dict[tuple[str, str], UUID]:
    """Kind and name → what it means, where the next file is to know it and does not yet (practice).

    Of another year than the present one no class is remembered: its name there is not the one of today.
    """
    known = {named: one.id for named, one in found.of.items() if not (other_year and named.kind == CLASS)}
    now = {(named.kind, remembered_key(named.name)): one for named, one in known.items() if one is not None}
    return {key: target for key, target in now.items() if remembered.get(key) != target}
