"""Calendar, courses, lessons, marks, the diary."""

from __future__ import annotations

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from gateway.composed import diary
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import get, patch, post

blueprint = ApiBlueprint("gradebook", __name__, "Calendar, courses, lessons, marks, the diary.")

ROUTES = (
    get("/calendar", Calendar.calendar),
    get("/kinds", Marks.kinds),
    get("/courses", Courses.courses),
    get("/courses/{course_id}/journal", Journal.journal_page),
    get(
        "/teachers/me/days/{day}",
        Lessons.day,
        name="own_day",
        summary="One's own lessons on a date.",
        path_names={"day": "date"},
        without=("teacher_id",),
    ),
    get("/teachers/{teacher_id}/days/{day}", Lessons.day, path_names={"day": "date"}),
    post("/lessons", Lessons.add_lesson),
    get("/lessons/{lesson_id}", Lessons.lesson),
    patch("/lessons/{lesson_id}", Lessons.describe_lesson),
    post("/marks", Marks.post_mark),
    post("/lessons/{lesson_id}/marks", Marks.post_marks),
    patch("/marks/{mark_id}", Marks.change_mark),
    get("/marks/{mark_id}/history", Marks.mark_history),
    get("/students/{student_id}/diary", Journal.diary_week, answer=diary.week, view=diary.DiaryView),
    get("/students/{student_id}/marks", Journal.marks_of),
)
