"""Views of files of the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from contracts.gradebook.past_import import (
    ADDED,
    DAY,
    DIFFERS,
    JOURNAL,
    KNOWN,
    MOST_MARKS,
    OUTCOMES,
    REPORT_CARDS,
    STANDS,
    STUDENT,
    SUBJECT,
)
from formats.faults import Faults
from formats.result import Fault
from kernel.names import folded
from services.gradebook.past_import.queries import ImportRow
from services.gradebook.past_import.rules.figures import DayFigure, Figure, Printed
from services.gradebook.past_import.rules.names import Meanings, Named
from services.gradebook.past_import.rules.plans import DayAt, Plan, Taking
from services.gradebook.rows import View, picked
from services.gradebook.timetable_import.rules.likeness import Ours

_NO_COUNTS: Final = dict.fromkeys(
    ("added", "stands", "differs", "left_out", "refused", "courses", "subjects", "lessons", "absences"), 0
)
#: What is told of marks that is no refusal of one.
_REMARKS: Final = frozenset({"mark-differs", "absences-left-out"})


def frame(file: str, printed: Printed | None, year_id: UUID | None, class_id: UUID | None, class_name: str) -> View:
    """What is known of a file before it is compared with anything: nothing would be added."""
    return {
        "file": file,
        "refused": printed is None,
        "what": _what(printed),
        "printed_class": printed.class_name if printed else "",
        "printed_year": printed.year if printed else "",
        "year_id": year_id,
        "class_id": class_id,
        "class_name": class_name,
        "shown": "",
        "open": 0,
        "names": [],
        "students": [],
        "subjects": [],
        "counts": _NO_COUNTS,
        "courses": [],
        "marks": [],
        "faults": [],
    }


def _what(printed: Printed | None) -> str | None:
    if printed is None:
        return None
    return JOURNAL if printed.days else REPORT_CARDS


def faults(*parts: Sequence[Fault]) -> list[View]:
    """Faults in both languages, each with its place; of very many not all."""
    found = Faults()
    for part in parts:
        found.extend(tuple(part))
    return [
        {"place": one.place, "rule": one.rule, "ru": one.reason.said("ru"), "en": one.reason.said("en")}
        for one in found.all()
    ]


def planned(plan: Plan, figures: Sequence[Figure | DayFigure], ours: Mapping[str, Sequence[Ours]], digest: str) -> View:
    """What taking a file would do."""
    return {
        "shown": digest,
        "open": len(plan.means.open),
        "names": list(_names(plan.means, figures)),
        "students": sorted(map(_person, ours[STUDENT]), key=lambda one: folded(one["name"])),
        "subjects": [{"id": one.id, "name": one.name} for one in ours[SUBJECT]],
        "counts": counts(plan),
        "courses": list(_courses(plan)),
        "marks": [_mark(one) for one in islice((one for one in plan.marks if one.outcome != STANDS), MOST_MARKS)],
    }


def counts(plan: Plan) -> View:
    """How many marks become what, and what is made for them."""
    outcomes = Counter(one.outcome for one in plan.marks)
    made = plan.made_courses
    return {
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
        "left_out": plan.left_out.total(),
        "refused": sum(one.rule not in _REMARKS for one in plan.faults),
        "courses": len(made),
        "subjects": len(plan.means.new.keys() & {one.subject_id for one in made}),
        "lessons": len(plan.new_lessons),
        "absences": plan.absences.total(),
    }


def _names(means: Meanings, figures: Sequence[Figure | DayFigure]) -> Iterator[View]:
    marks: Counter[Named] = Counter()
    places: dict[Named, str] = {}
    for one in figures:
        for named in (Named(STUDENT, one.student), Named(SUBJECT, one.subject)):
            marks[named] += 1
            places.setdefault(named, one.place)
    for named, meaning in means.of.items():
        proposal = means.proposals[named]
        yield {
            "kind": named.kind,
            "name": named.name,
            "place": places[named],
            "marks": marks[named],
            "found": proposal.found,
            "alike": proposal.alike,
            "means": meaning.means,
            "id": meaning.id if meaning.means == KNOWN else None,
        }


def _person(one: Ours) -> View:
    return {"id": one.id, "name": " ".join(part for part in (one.name, one.given, one.patronymic) if part)}


def _courses(plan: Plan) -> Iterator[View]:
    by_course: dict[UUID, list[Taking]] = {}
    for one in plan.marks:
        by_course.setdefault(one.course.id, []).append(one)
    made = {one.id for one in plan.made_courses}
    for marks in sorted(by_course.values(), key=lambda them: (folded(them[0].course.title), them[0].course.id)):
        outcomes = Counter(one.outcome for one in marks)
        course = marks[0].course
        yield {
            "title": course.title,
            "is_new": course.id in made,
            "students": len({one.at.student_id for one in marks}),
            **{outcome: outcomes[outcome] for outcome in (ADDED, STANDS, DIFFERS)},
        }


def _mark(one: Taking) -> View:
    return {
        "place": one.figure.place,
        "student": one.figure.student,
        "title": one.course.title,
        "term": one.term.title if one.term else "",
        "date": one.at.on if isinstance(one.at, DayAt) else None,
        "kind": DAY if isinstance(one.at, DayAt) else one.at.kind,
        "outcome": one.outcome,
        "text": one.text,
        "present": one.present.value if one.present else None,
    }


def taken_import(row: ImportRow) -> View:
    """A file that was taken."""
    names = (
        "id", "document", "year_id", "year", "class_id", "class_name", "marks", "taken_by", "taken_at", "undone_by",
        "undone_at",
    )  # fmt: skip
    return picked(row, names)
