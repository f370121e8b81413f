"""Views of term marks, of how far they are, and of what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from contracts.gradebook.term_marks import TERM
from kernel.errors import Refused
from kernel.phrases import LANGUAGES, Language
from services.gradebook.brought import views as brought_views
from services.gradebook.brought.queries import BroughtMark, Origin, TermMarkElsewhere
from services.gradebook.exact import plain
from services.gradebook.explaining.explained import Explained, LeftOut
from services.gradebook.explaining.given import GivenMark
from services.gradebook.marks.queries import Kind
from services.gradebook.rows import View, picked
from services.gradebook.term_marks.queries import SetMark, ShownToFamily
from services.gradebook.term_marks.rules.needed import Needed
from services.gradebook.term_marks.rules.term_marks import TermMark
from services.gradebook.term_results.figures import Figure, Part
from services.gradebook.term_results.queries import MarkOfTerm, Sheet

_TERM_MARK: Final = ("id", "student_id", "value", "computed", "reason", "comment", "version", "set_by", "set_at")


def computed(found: Figure) -> View:
    """A computed mark."""
    return {"text": found.text, "mean": found.mean, "counted": found.counted, "allowed": list(found.allowed)}


def term_mark(row: SetMark) -> View:
    """A term mark that was set."""
    return picked(row, _TERM_MARK)


def saved_term_mark(state: View) -> View:
    """A term mark that is being saved."""
    return {name: state[name] for name in _TERM_MARK}


def refusal(refused: Refused | None) -> dict[str, Any] | None:
    """A refusal as services send it."""
    return refused.to_wire() if refused else None


def state(course_id: UUID, class_id: UUID, missing: int, sheet: Sheet | None, otherwise: str) -> View:
    """How far a class is in a course; `otherwise` is the state where nothing was done."""
    return {
        "course_id": course_id,
        "class_id": class_id,
        "state": sheet.state if sheet else otherwise,
        "missing": missing,
        "changed_by": sheet and sheet.changed_by,
        "changed_at": sheet and sheet.changed_at,
    }


def inputs(
    found: TermMark,
    rows: Iterable[MarkOfTerm | BroughtMark],
    kinds: Mapping[UUID, Kind],
    origins: Mapping[UUID, Origin],
) -> list[View]:
    """The marks that a figure was made of and those that were left out, by date; `found` names them by their ids.

    `origins` say of marks that were brought along where from.
    """
    about = {str(row.id): {"kind": kinds[row.kind_id].name, **_origin(origins.get(row.id))} for row in rows}
    explained = found.explained
    used = [
        _input(one.item, about) | {"number": plain(one.number), "weight": plain(one.weight), "left_out": None}
        for one in explained.used
    ]
    others = [
        _input(one.item, about) | {"number": None, "weight": None, "left_out": _reason(one)}
        for one in explained.left_out
    ]
    return sorted([*used, *others], key=lambda one: (one["date"], one["mark_id"]))


def _input(mark: GivenMark, about: Mapping[str, View]) -> View:
    return {"mark_id": UUID(mark.ref), "date": mark.day, "text": mark.text, **about[mark.ref]}


def _origin(of: Origin | None) -> View:
    return {"origin": of and brought_views.origin(of)}


def _reason(one: LeftOut[Any]) -> View:
    return {language: [one.reason.said(language)] for language in LANGUAGES}


def inputs_of_year(
    found: Explained[str], parts: Iterable[Part], origins: Mapping[tuple[UUID, str], Origin]
) -> list[View]:
    """The marks that a mark of the year or the certificate is made of, in order."""
    used = {one.item: one for one in found.used}
    reasons = {one.item: one for one in found.left_out}
    return [
        {
            "mark_id": None,
            "date": one.day,
            "text": one.text,
            "kind": one.title,
            "year": one.year,
            "number": plain(used[one.text].number) if one.text in used else None,
            "weight": plain(used[one.text].weight) if one.text in used else None,
            "left_out": _reason(reasons[one.text]) if one.text in reasons else None,
            **_origin(origins.get(one.place)),
        }
        for one in parts
    ]


def explanation(explained: Explained[Any]) -> View:
    """The steps to a computed mark, and the rules that were applied."""
    return {
        "steps": _said(explained.steps_said),
        "sources": _said(explained.sources_said),
        "policy": explained.version or 0,
    }


def needed(found: Needed) -> View:
    """The further marks that a target needs, in words."""
    return {
        "least": found.least,
        "said": {language: [one.said(language) for one in found.sentences] for language in LANGUAGES},
    }


def family(
    titles: Mapping[UUID, str],
    marks: Sequence[ShownToFamily],
    elsewhere: Iterable[TermMarkElsewhere],
    left_for: Mapping[UUID, UUID],
) -> list[View]:
    """A student's term marks by course; those of a course that was left stand in the one that was joined.

    `marks` are in the order in which their courses were joined: of two that were left the later one's counts.

    Where that has a mark of its own, the mark of the course that was left is not the student's any more; so it is with
    marks of other schools.
    """
    by_course: dict[UUID, dict[tuple[UUID, str], View]] = {one: {} for one in titles if one not in left_for}
    for one in elsewhere:
        course_id = left_for.get(one.course_id, one.course_id)
        if course_id in by_course:
            by_course[course_id][one.term_id, TERM] = _elsewhere(one)
    for row in sorted(marks, key=lambda one: one.course_id not in left_for):
        course_id = left_for.get(row.course_id, row.course_id)
        if course_id in by_course:
            by_course[course_id][row.term_id, row.kind] = _of_family(row)
    return [
        {"course_id": course_id, "title": titles[course_id], "marks": list(by_course[course_id].values())}
        for course_id in sorted(by_course, key=lambda one: (titles[one], one))
    ]


def _of_family(row: ShownToFamily) -> View:
    return {
        "term_id": row.term_id,
        "kind": row.kind,
        "value": row.value,
        "comment": row.comment,
        "previous": None if row.first_shown == row.value else row.first_shown,
        "course_id": row.course_id,
    }


def _elsewhere(one: TermMarkElsewhere) -> View:
    return {
        "term_id": one.term_id,
        "kind": TERM,
        "value": one.value,
        "comment": "",
        "previous": None,
        "course_id": None,
        "origin": brought_views.origin(one.origin),
    }


def _said(of: Callable[[Language], Iterable[str]]) -> View:
    return {language: list(of(language)) for language in LANGUAGES}
