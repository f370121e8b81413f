"""Teachers of a timetable's file who are not there yet: their names as they are typed, and how they are entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from contracts.gradebook.timetable_import import KNOWN, NEW, TEACHER
from contracts.identity.appointments import Appointments
from gateway.door.asking import carry_out
from gateway.door.problems import Problem
from gateway.pages.frame import forms
from kernel.names import Name, folded, full, may_be_one

PARTS: Final = ("family_name", "given_name", "patronymic")
#: What is said of somebody whose name another person has: the same one as another name of the file, or somebody else.
SAME_PERSON: Final = "same"
NAMESAKE: Final = "other"


def typed() -> dict[str, dict[str, str]]:
    """Name of the file → the parts of the name that the form has for it, and what it says of namesakes."""
    found = {}
    for field in forms.suffixes(f"{TEACHER}-"):
        prefix = f"{TEACHER}-{field.removesuffix('-family_name')}"
        if field.endswith("-family_name"):
            found[forms.text(f"{prefix}-name")] = {
                part: forms.text(f"{prefix}-{part}") for part in (*PARTS, "namesake")
            }
    return found


def _new(names: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of teachers who are new; not those of classes that are left out alone."""
    idle = {
        forms.text(f"{TEACHER}-{field.removesuffix('-idle')}-name")
        for field in forms.suffixes(f"{TEACHER}-")
        if field.endswith("-idle")
    }
    return [one["name"] for one in names if (one["kind"], one["means"]) == (TEACHER, NEW) and one["name"] not in idle]


def _stands_for(new: Sequence[str], people: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Name of the file → the name of the file under which the person is entered: its own, unless it is the same one."""
    own = [name for name in new if people[name]["namesake"] != SAME_PERSON]
    found = {}
    for name in new:
        others = (other for other in own if may_be_one(_name(people[name]), _name(people[other])))
        found[name] = name if name in own else next(others, name)
    return found


def _name(parts: Mapping[str, str]) -> Name:
    return Name(parts["family_name"], parts["given_name"], parts["patronymic"])


def entered(names: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the names mean once the teachers who are new are people of the school, whom this enters."""
    people = _people(names)
    stands_for = _stands_for(_new(names), people)
    wanted = _wanted(names)
    if not wanted:
        return [dict(one) for one in names]
    given = [
        {**{part: people[name][part] for part in PARTS}, "namesake": people[name]["namesake"] == NAMESAKE}
        for name in wanted
    ]
    made = carry_out(Appointments.make_people, people=given, role=TEACHER)["people"]
    ids = {name: one["id"] for name, one in zip(wanted, made, strict=True)}
    return [
        {**one, "means": KNOWN, "id": ids[stands_for[one["name"]]]}
        if (one["kind"], one["means"]) == (TEACHER, NEW) and one["name"] in stands_for
        else dict(one)
        for one in names
    ]


def _people(names: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    nothing = dict.fromkeys((*PARTS, "namesake"), "")
    return dict.fromkeys(_new(names), nothing) | typed()


def _wanted(names: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of the file under which people are entered, each once."""
    return list(dict.fromkeys(_stands_for(_new(names), _people(names)).values()))


def faults(problem: Problem | None, names: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Name of the file → why its person was not entered."""
    return forms.faults_of_rows(problem, "people", _wanted(names)) if problem else {}


def rows(
    shown: Iterable[dict[str, Any]], known: Mapping[str, Mapping[str, str]], wrong: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The names of teachers as the form shows them: with the name that was typed, else as far as the file says it."""
    before: set[str] = set()
    for one in shown:
        read = one["person"] or {"family_name": one["name"], "given_name": "", "patronymic": ""}
        parts = known.get(one["name"]) or {**read, "namesake": ""}
        text = folded(full(_name(read)))
        if one["name"] not in known and one["person"] and text in before:
            parts = {**parts, "namesake": SAME_PERSON}
        before.add(text)
        yield {**one, "parts": parts, "fault": wrong.get(one["name"], ""), "understood": one["person"] is not None}
