"""Which names people may be entered under, and who of them may be there already. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from kernel.errors import FieldFault, Invalid
from kernel.names import Name, folded, full, may_be_one
from kernel.texts import Text

#: Letters with what stands between them: «Д’Артаньян», «Римский-Корсаков», «А.», «Гасан кызы».
_PART: Final = re.compile(r"[^\W\d_][^\d_,;:/\\<>=+*\"|@#№]*")


#: What is said where a part of the name is missing that nobody can be entered without.
_MISSING: Final = {
    "family_name": Text("Say the family name."),
    "given_name": Text("Say the given name, or its initial."),
}


class Entered(NamedTuple):
    """A person who is to be entered; `namesake`: somebody said that it is nobody of the same name."""

    name: Name
    namesake: bool = False


class Known(NamedTuple):
    """A person of the school; `teaches`: the person holds the role already."""

    name: Name
    teaches: bool


def entered(people: Iterable[Mapping[str, str | bool]]) -> list[Entered]:
    """The people of a command, their names without needless blanks (practice).

    Refuses what is no name: «Учитель 064», «Иванова/Петрова».
    """
    found, faults = [], []
    for place, one in enumerate(people):
        parts = {key: " ".join(str(one[key]).split()) for key in ("family_name", "given_name", "patronymic")}
        for key, part in parts.items():
            text = _MISSING.get(key)
            if part:
                text = None if _PART.fullmatch(part) else Text("“{part}” is no part of a name.", {"part": part})
            if text is not None:
                faults.append(FieldFault.of(f"people.{place}.{key}", "no-name", text))
        found.append(
            Entered(Name(parts["family_name"], parts["given_name"], parts["patronymic"]), bool(one["namesake"]))
        )
    _refuse(faults)
    return found


def check_namesakes(people: Sequence[Entered], known: Iterable[Known]) -> None:
    """Refuse everyone who may be there already, or stand in the command twice, unless it is said that they are others.

    Nobody guesses whether two of one name are one person (practice).
    """
    there: defaultdict[str, list[Known]] = defaultdict(list)
    for one in known:
        there[folded(one.name.family)].append(one)
    before: defaultdict[str, list[Name]] = defaultdict(list)
    faults = []
    for place, (name, namesake) in enumerate(people):
        key = folded(name.family)
        own = next((one for one in there[key] if may_be_one(one.name, name)), None)
        earlier = next((one for one in before[key] if may_be_one(one, name)), None)
        before[key].append(name)
        text = None if namesake else _question(name, own, earlier)
        if text is not None:
            faults.append(FieldFault.of(f"people.{place}.namesake", "namesake", text))
    _refuse(faults)


def _question(name: Name, own: Known | None, earlier: Name | None) -> Text | None:
    if own is not None and own.teaches:
        return Text(
            "“{name}” may be {known}, who teaches here already. If it is somebody else, say so.",
            {"name": full(name), "known": full(own.name)},
        )
    if own is not None:
        return Text(
            "“{name}” may be {known}, who belongs to the school already, but not as a teacher: the director gives the "
            "role. If it is somebody else, say so.",
            {"name": full(name), "known": full(own.name)},
        )
    if earlier is not None:
        return Text(
            "“{name}” and “{other}” may be one person. If they are two, say so.",
            {"name": full(name), "other": full(earlier)},
        )
    return None


def _refuse(faults: Sequence[FieldFault]) -> None:
    if faults:
        raise Invalid.of(faults[0].text, rule=faults[0].rule, field=faults[0].field, faults=tuple(faults))
