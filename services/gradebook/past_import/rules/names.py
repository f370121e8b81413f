"""Whom and what the names of a file mean: by what a person says, else as is proposed (practice)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook import timetable_import
from contracts.gradebook.past_import import (
    ALIKE,
    KNOWN,
    NEW,
    NONE,
    REMEMBERED,
    SAME,
    SEVERAL,
    STUDENT,
    SUBJECT,
    UNKNOWN,
)
from kernel.errors import FieldFault, Invalid
from kernel.names import folded
from kernel.texts import Text
from services.gradebook.timetable_import.rules.likeness import Found, Likeness, Ours, most_alike
from services.gradebook.timetable_import.rules.matching import Meaning, Proposal, Said

_BRACKETED: Final = re.compile(r"(?P<base>[^()]+?)\s*\((?P<within>[^()]+)\)")
_FOREIGN: Final = re.compile(r"(?:второй )?иностранный", re.IGNORECASE)
#: Students are compared as the people of a timetable are: family name, given name, patronymic, whole or short.
_COMPARED_AS: Final = {STUDENT: timetable_import.TEACHER, SUBJECT: timetable_import.SUBJECT}


class Named(NamedTuple):
    """A name of a kind, as the file writes it."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the names of a file mean, and the subjects that are new: id → name."""

    of: dict[Named, Meaning]
    proposals: dict[Named, Proposal]
    new: dict[UUID, str] = field(default_factory=dict)

    @property
    def open(self) -> list[Named]:
        """The names of which somebody has to say what they mean."""
        return [named for named, meaning in self.of.items() if meaning.means is None]


def proposal(named: Named, ours: Sequence[Ours], remembered: Mapping[tuple[str, str], UUID]) -> Proposal:
    """What is proposed for a name: what it meant in an earlier file, else the one of ours most like it (practice).

    A person is proposed where family and given name are the same, or the given name is short; who is like it only in
    part, and one of two of the same name, a person has to choose.
    """
    likeness, ids = _most_alike(named, ours)
    before = remembered.get((named.kind, folded(named.name)))
    if before is not None and any(one.id == before for one in ours) and ids != (before,):
        return Proposal(REMEMBERED, (before,))
    whole = [one.id for one in ours if named.kind == STUDENT and _is_whole_name(named.name, one)]
    if len(whole) > 1:
        return Proposal(SEVERAL, tuple(whole))
    if not ids:
        return Proposal(UNKNOWN)
    if len(ids) > 1 or (named.kind == STUDENT and likeness is Likeness.FAINT):
        return Proposal(SEVERAL, ids)
    return Proposal(SAME if likeness is Likeness.SAME or list(ids) == whole else ALIKE, ids)


def _most_alike(named: Named, ours: Sequence[Ours]) -> Found:
    """Those of ours most like a name: as АСУ РСО writes it, else without what it puts in brackets (practice).

    «Иностранный язык (английский)» is «Английский язык», «Труд (Технология девочки)» is «Труд».
    """
    found = most_alike(_COMPARED_AS[named.kind], named.name, ours)
    bracketed = _BRACKETED.fullmatch(named.name) if named.kind == SUBJECT and not found.ids else None
    if bracketed is None:
        return found
    base, within = bracketed["base"], bracketed["within"]
    plain = _FOREIGN.sub(within, base) if _FOREIGN.match(base) else base
    likeness, ids = most_alike(timetable_import.SUBJECT, plain, ours)
    return Found(min(likeness, Likeness.SHORT), ids)


def _is_whole_name(name: str, one: Ours) -> bool:
    """Whether a name is the family and the given name of one of ours, in any order, without the patronymic."""
    return sorted(folded(name).split()) == sorted(folded(f"{one.name} {one.given}").split())


def meanings(
    names: Iterable[Named],
    ours: Mapping[str, Sequence[Ours]],
    remembered: Mapping[tuple[str, str], UUID],
    said: Mapping[Named, Said],
    new_id: Callable[[], UUID],
) -> Meanings:
    """What the names of a file mean (practice).

    A new subject that is called like one of ours is that one. Of two students for whom one person is proposed, a
    person has to say who is who.
    """
    found = Meanings({}, {})
    made: dict[str, UUID] = {}
    taken = {one.id for named, one in said.items() if named.kind == STUDENT and one.means == KNOWN}
    for named in names:
        found.proposals[named] = proposed = proposal(named, ours[named.kind], remembered)
        told = said.get(named)
        if told is None and named.kind == STUDENT and proposed.id in taken:
            found.of[named] = Meaning(None)
        elif told is None:
            found.of[named] = Meaning(KNOWN, proposed.id) if proposed.id else Meaning(None)
            taken.add(proposed.id if named.kind == STUDENT else None)
        elif told.means == NEW and named.kind == SUBJECT and proposed.found != SAME:
            made_id = made.setdefault(folded(named.name), new_id())
            found.new[made_id] = " ".join(named.name.split())
            found.of[named] = Meaning(NEW, made_id)
        elif told.means == NONE:
            found.of[named] = Meaning(NONE)
        else:
            chosen = proposed.id if told.means == NEW else told.id
            found.of[named] = Meaning(KNOWN, chosen) if chosen else Meaning(None)
    return found


def check_said(said: Sequence[tuple[Named, Said]], ours: Mapping[str, Sequence[Ours]]) -> None:
    """Refuse a name that means one that the school does not have, and two students who are one person (practice)."""
    known = {kind: {one.id for one in them} for kind, them in ours.items()}
    faults: list[FieldFault] = []
    whose: dict[UUID | None, str] = {}
    for index, (named, one) in enumerate(said):
        if one.means != KNOWN:
            continue
        if one.id not in known[named.kind]:
            text = Text("Say which one “{name}” is.", {"name": named.name})
            faults.append(FieldFault.of(f"names.{index}.id", "no-such-thing", text))
        elif named.kind == STUDENT and whose.setdefault(one.id, named.name) != named.name:
            both = {"one": whose[one.id], "other": named.name}
            text = Text("“{one}” and “{other}” of the file cannot be one person: say who is who.", both)
            faults.append(FieldFault.of(f"names.{index}.id", "one-person-twice", text))
    if faults:
        raise Invalid.of(faults[0].text, rule=faults[0].rule, field=faults[0].field, faults=tuple(faults))


def check_can_be_taken(found: Meanings) -> None:
    """Refuse to take a file while the meaning of a student or subject is open (practice)."""
    if found.open:
        raise Invalid(
            "Say of each student and subject of the file who and what it is: “{name}” and {others} more are open.",
            rule="names-open",
            field="names",
            name=found.open[0].name,
            others=len(found.open) - 1,
        )


def to_remember(
    found: Meanings, remembered: Mapping[tuple[str, str], UUID], told_apart: Iterable[str] = ()
) -> dict[tuple[str, str], UUID]:
    """Kind and name → what it means, where the next file is to know it and does not yet (practice).

    Names that are `told_apart` by their places say nothing of another file.
    """
    apart = set(told_apart)
    known = {named: one.id for named, one in found.of.items() if named.name not in apart}
    now = {(named.kind, folded(named.name)): one for named, one in known.items() if one is not None}
    return {key: target for key, target in now.items() if remembered.get(key) != target}
