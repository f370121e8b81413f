"""Views of files of timetables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from contracts.gradebook.timetable_import import (
    ADDED,
    CHANGED,
    CLASS,
    CLASSROOM,
    DROPPED,
    KNOWN,
    MOST_CHANGES,
    SUBJECT,
    TEACHER,
)
from formats.faults import Faults
from formats.result import Fault, Reading
from services.gradebook.bells.views import times as bell_times
from services.gradebook.classrooms.rules.names import order
from services.gradebook.exact import plain
from services.gradebook.rows import View, picked
from services.gradebook.timetable.readers.timetable import Timetable, TimetableLesson
from services.gradebook.timetable.rules.conflicts import Clash, Collision
from services.gradebook.timetable_import.queries import Present
from services.gradebook.timetable_import.rules.bells import BellsPlan, ScheduleChange
from services.gradebook.timetable_import.rules.names import Named
from services.gradebook.timetable_import.rules.people import person_in
from services.gradebook.timetable_import.rules.plans import Plan
from services.gradebook.timetable_import.rules.weeks import REPEATED, EntryChange, Held, Slot

_NO_COUNTS = dict.fromkeys(
    (
        "courses", "subjects", "classrooms", "new_classes", "new_teachers", "teachers_joining", "added", "changed",
        "dropped", "staying", "left_out", "without_teacher", "without_classroom", "kept_classrooms",
    ),
    0,
)  # fmt: skip


def file(
    command: Mapping[str, Any],
    present: Present,
    reading: Reading[Timetable],
    plan: Plan | None,
    bells: BellsPlan | None,
) -> View:
    """What a file would change, and its faults; nothing, where there is no plan."""
    asked = {name: command[name] for name in ("year_id", "file", "from_date")}
    found = Faults()
    found.extend(reading.faults)
    for place in () if plan is None else plan.wanted.repeated:
        found.add(place, "lesson-twice", REPEATED())
    lessons = {} if reading.value is None else {one.place: one for one in reversed(reading.value.lessons)}
    faults = [{**_fault(one), **_cell(lessons.get(one.place), plan)} for one in found.all()]
    shown = {**asked, "version": present.version, "refused": plan is None, "faults": faults}
    if plan is None or reading.value is None:
        nothing: View = {
            "names": [],
            "classes": [],
            "courses": [],
            "changes": [],
            "kept": [],
            "clashes": [],
            "falling": [],
        }
        return {**shown, **nothing, "bells": None, "open": 0, "counts": {**_NO_COUNTS, "unplaced": "0"}}
    unplaced = sum((one.hours for one in reading.value.unplaced), Decimal())
    return {
        **shown,
        "open": len(plan.means.open),
        "names": list(_names(plan)),
        "counts": {**_counts(plan), "unplaced": plain(unplaced)},
        "classes": list(_classes(plan)),
        "courses": list(_courses(plan)),
        "changes": list(_changes(present, plan)),
        "kept": list(_kept(present, plan)),
        "bells": None if bells is None else _bells(present, bells),
        "clashes": [{"clash": clash, "count": count} for clash, count in sorted(plan.clashes.items())],
        "falling": [_falling(present, plan, *one) for one in plan.falling[:MOST_CHANGES]],
    }


def _fault(one: Fault) -> View:
    return {"place": one.place, "rule": one.rule, "ru": one.reason.said("ru"), "en": one.reason.said("en")}


def _cell(lesson: TimetableLesson | None, plan: Plan | None) -> View:
    """Whose lesson a fault is about, and when it is."""
    if lesson is None or plan is None:
        return {"class_name": "", "class_id": None, "weekday": None, "number": None}
    meaning = plan.means.of.get(Named(CLASS, lesson.class_name))
    class_id = meaning.id if meaning is not None and meaning.means == KNOWN else None
    return {**picked(lesson, ("class_name", "weekday", "number")), "class_id": class_id}


def taken(year_id: UUID, version: int, plan: Plan, *, bells: bool) -> View:
    """What was taken."""
    return {"year_id": year_id, "version": version, **_counts(plan), "unplaced": "0", "bells": bells}


def _bells(present: Present, plan: BellsPlan) -> View:
    return {
        "version": present.year.version,
        "kept": bool(present.bells.schedules),
        "schedules": [_schedule(one) for one in plan.changes],
        "faults": [{"rule": one.rule, **one.text.to_wire()} for one in plan.faults],
    }


def _schedule(change: ScheduleChange) -> View:
    before = {one.number: one for one in change.before.bells} if change.before else {}
    after = {one.number: one for one in change.after.bells}
    rows = []
    for number in sorted(before.keys() | after.keys()):
        was, becomes = bell_times(before.get(number)), bell_times(after.get(number))
        rows.append({"number": number, "before_starts": was["starts"], "before_ends": was["ends"], **becomes})
    return {"title": change.after.title, "weekdays": list(change.after.weekdays), "bells": rows}


def _counts(plan: Plan) -> View:
    becoming = Counter(one.change for one in plan.difference.changes)
    return {
        "courses": len(plan.wanted.courses),
        "subjects": len(plan.means.new[SUBJECT]),
        "classrooms": len(plan.means.new[CLASSROOM]),
        "new_classes": len(plan.means.new[CLASS]),
        "new_teachers": len(plan.means.new[TEACHER]),
        "teachers_joining": sum(map(len, plan.wanted.joining.values())),
        **{change: becoming[change] for change in (ADDED, CHANGED, DROPPED)},
        "staying": len(plan.difference.staying),
        "left_out": plan.wanted.left_out,
        "without_teacher": plan.wanted.without_teacher(),
        "without_classroom": plan.wanted.without_classroom(),
        "kept_classrooms": len(plan.wanted.kept_rooms),
    }


def _names(plan: Plan) -> Iterator[View]:
    for named, mention in plan.names.items():
        proposal, meaning = plan.means.proposals[named], plan.means.of[named]
        yield {
            "kind": named.kind,
            "name": named.name,
            "place": mention.place,
            "lessons": mention.lessons,
            "found": proposal.found,
            "alike": proposal.alike,
            "means": meaning.means,
            "id": meaning.id if meaning.means == KNOWN else None,
            "person": _person(named),
            "idle": named in plan.means.idle,
            "may_be": plan.alike.get(named.name, ()) if named.kind == TEACHER else (),
        }


def _person(named: Named) -> View | None:
    person = person_in(named.name) if named.kind == TEACHER else None
    if person is None:
        return None
    return {"family_name": person.family, "given_name": person.given, "patronymic": person.patronymic}


def _classes(plan: Plan) -> Iterator[View]:
    becoming = Counter((plan.class_of[one.slot.course_id], one.change) for one in plan.difference.changes)
    staying = Counter(plan.class_of[one.course_id] for one in plan.difference.staying)
    for class_id in sorted(plan.wanted.class_ids, key=lambda key: order(plan.class_names[key])):
        counts = {change: becoming[class_id, change] for change in (ADDED, CHANGED, DROPPED)}
        yield {"class_name": plan.class_names[class_id], **counts, "staying": staying[class_id]}


def _courses(plan: Plan) -> Iterator[View]:
    new = plan.means.new[TEACHER]
    for one in plan.wanted.courses:
        yield {
            "title": plan.titles[one.id],
            "class_name": plan.class_names[one.class_id],
            "subject": plan.subject_names[one.subject_id],
            "group_name": one.group_name,
            "teacher_ids": [key for key in plan.wanted.teachers[one.id] if key not in new],
            "new_teachers": [new[key] for key in plan.wanted.teachers[one.id] if key in new],
        }


def _falling(present: Present, plan: Plan, what: str, pair: Collision) -> View:
    rooms = {row.id: row.name for row in present.classrooms} | plan.means.new[CLASSROOM]
    new = plan.means.new[TEACHER]
    teachers = sorted(pair.shared) if pair.clash is Clash.TEACHER else []
    return {
        "clash": what,
        **picked(pair.one, ("weekday", "number")),
        "other_number": pair.other.number,
        "week": pair.week,
        "titles": [plan.titles[one.course_id] for one in (pair.one, pair.other)],
        "classroom": next((rooms[key] for key in pair.shared if key in rooms), ""),
        "teacher_ids": [key for key in teachers if key not in new],
        "new_teachers": [new[key] for key in teachers if key in new],
    }


def _changes(present: Present, plan: Plan) -> Iterator[View]:
    rooms = {row.id: row.name for row in present.classrooms} | plan.means.new[CLASSROOM]

    def key(one: EntryChange) -> tuple[Any, ...]:
        return _order(plan, one.slot)

    for one in islice(sorted(plan.difference.changes, key=key), MOST_CHANGES):
        yield {
            "change": one.change,
            **_lesson(plan, one.slot),
            "before": _place(one.before, rooms, plan.means.new[TEACHER]),
            "after": _place(one.after, rooms, plan.means.new[TEACHER]),
        }


def _kept(present: Present, plan: Plan) -> Iterator[View]:
    """The lessons that keep a classroom, as the file says none."""
    rooms = {row.id: row.name for row in present.classrooms}
    kept = plan.wanted.kept_rooms
    for slot in islice(sorted(kept, key=lambda slot: _order(plan, slot)), MOST_CHANGES):
        yield {**_lesson(plan, slot), "classroom": rooms[kept[slot]]}


def _order(plan: Plan, slot: Slot) -> tuple[Any, ...]:
    return order(_class_name(plan, slot)), slot.weekday, slot.number, plan.titles[slot.course_id]


def _lesson(plan: Plan, slot: Slot) -> View:
    return {
        "title": plan.titles[slot.course_id],
        "class_name": _class_name(plan, slot),
        **picked(slot, ("weekday", "number", "week")),
    }


def _class_name(plan: Plan, slot: Slot) -> str:
    class_id = plan.class_of[slot.course_id]
    return "" if class_id is None else plan.class_names.get(class_id, "")


def _place(held: Held | None, rooms: Mapping[UUID, str], new: Mapping[UUID, str]) -> View | None:
    if held is None:
        return None
    room = "" if held.classroom_id is None else rooms.get(held.classroom_id, "")
    made = "" if held.teacher_id is None else new.get(held.teacher_id, "")
    return {"classroom": room, "teacher_id": None if made else held.teacher_id, "new_teacher": made}
