"""Writes letters about marks, homework, changed lessons and absences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.day_changes import TimetableChanged
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted, OwedWorkDue
from contracts.gradebook.term_marks import TERM, TermMarkChanged, TermMarksSet
from services.notifications.messages.rules.phrases import DATES, DEFAULT_LANGUAGE, NAMES, SENTENCES


@dataclass(frozen=True, slots=True)
class Letter:
    """The texts of a letter, before formatting. `quote` is the homework, which may have several lines.

    `day` and `lesson_id` say where in the student's diary the thing stands; without `lesson_id`, it is the whole day.
    Without `day` it stands among the student's term marks.
    """

    language: str
    subject: str
    student: str
    lesson: str
    news: str
    detail: str
    quote: str
    link: str
    why: str
    day: date | None
    lesson_id: UUID | None


def write(kind: str, notice: Mapping[str, Any], *, language: str, student: str) -> Letter:
    """Write the letter for an event's `kind`. `notice` is its owner's view; `student` is the student's name.

    Raises KeyError for an event without letters.
    """
    writer = _Writer(language, student)
    if kind in (MarkPosted.NAME, MarkChanged.NAME):
        return writer.mark(notice, changed=kind == MarkChanged.NAME)
    if kind in (TermMarksSet.NAME, TermMarkChanged.NAME):
        return writer.term_mark(notice, changed=kind == TermMarkChanged.NAME)
    writers = {
        HomeworkSet.NAME: writer.homework,
        AbsenceRecorded.NAME: writer.absence,
        TimetableChanged.NAME: writer.changed_lesson,
        OwedWorkDue.NAME: writer.owed,
    }
    return writers[kind](notice)


def address(letter: Letter, public_url: str, *, school_id: UUID, student_id: UUID) -> str:
    """Where a letter leads: to its lesson or day in the student's diary, or to the term marks, in the sending school.

    Whoever opens it signs in first, and reads the diary only as a guardian with consent to the portal.
    """
    if letter.day is None:
        return f"{public_url.rstrip('/')}/marks/{student_id}/terms?{urlencode({'school': school_id})}"
    query = ({"lesson": letter.lesson_id} if letter.lesson_id else {}) | {"school": school_id}
    return f"{public_url.rstrip('/')}/diary/{student_id}/days/{letter.day}?{urlencode(query)}"


def write_day(kind: str, notices: Sequence[Mapping[str, Any]], *, language: str, student: str) -> Letter:
    """Write one letter about all absences of a day, or about all changes of its timetable.

    `notices` are the views of the owner of `kind`, at least one.
    """
    writer = _Writer(language, student)
    return writer.changed_day(notices) if kind == TimetableChanged.NAME else writer.day(notices)


class _Writer:
    """Writes letters about one student in one language; Russian replaces an unknown language."""

    def __init__(self, language: str, student: str) -> None:
        self.language = language if language in SENTENCES else DEFAULT_LANGUAGE
        self.student = student

    def mark(self, notice: Mapping[str, Any], *, changed: bool) -> Letter:
        """A letter about a posted or `changed` mark (the gradebook's `MarkNoticeView`)."""
        subject = "subject_mark_changed" if changed else "subject_mark"
        news = self._say(_mark_news(notice, changed), value=notice["value"], previous=notice["previous"])
        return self._letter(subject, notice, news, detail=self._say("kind", kind=notice["kind"]))

    def term_mark(self, notice: Mapping[str, Any], *, changed: bool) -> Letter:
        """A letter about a term mark that was handed in or `changed` (the gradebook's `TermMarkNoticeView`)."""
        title, student = (" ".join(text.split()) for text in (notice["title"], self.student))
        comment = " ".join(notice["comment"].split())
        subject = self._say("subject_term_mark_changed" if changed else "subject_term_mark", title=title)
        return Letter(
            language=self.language,
            subject=f"{subject} ({student})",
            student=self.student,
            lesson=self._say("term", title=title, term=self._period(notice)),
            news=self._say(f"term_{_mark_news(notice, changed)}", value=notice["value"], previous=notice["previous"]),
            detail=self._say("comment", comment=comment) if comment else "",
            quote="",
            link=self._say("link"),
            why=self._say("why"),
            day=None,
            lesson_id=None,
        )

    def _period(self, notice: Mapping[str, Any]) -> str:
        """The term, or what the mark is of that stands at the last one."""
        kind = notice["kind"]
        return str(notice["term"]) if kind == TERM else self._say(f"of_{kind}")

    def homework(self, notice: Mapping[str, Any]) -> Letter:
        """A letter about homework (the gradebook's `HomeworkNoticeView`) with the own tasks of its student.

        Where nothing is left it was cancelled. It leads to where the diary shows the homework: to the day on which it
        is due, or to the lesson that gave it.
        """
        said = self._homework(notice)
        if not said:
            return self._letter("subject_homework", notice, self._say("homework_removed"))
        due = notice["due"]
        news = self._say("homework_due", due=self._date(due)) if due else self._say("homework")
        letter = self._letter("subject_homework", notice, news, quote="\n".join(said))
        return replace(letter, day=due, lesson_id=None) if due else letter

    def owed(self, notice: Mapping[str, Any]) -> Letter:
        """A letter that reminds of owed work (the gradebook's `OwedNoticeView`); it leads to the last day."""
        news = self._say("owed", due=self._date(notice["due"]))
        letter = self._letter("subject_owed", notice, news, detail=self._say("kind", kind=notice["kind"]))
        return replace(letter, day=notice["due"], lesson_id=None)

    def changed_lesson(self, notice: Mapping[str, Any]) -> Letter:
        """A letter about a lesson held otherwise than planned, or as planned again (`ChangedLessonNoticeView`)."""
        return self._letter("subject_timetable", notice, self._change(notice), detail=self._reason(notice))

    def changed_day(self, notices: Sequence[Mapping[str, Any]]) -> Letter:
        """A letter about all changed lessons of a day, in their order; a reason that all have is told once."""
        ordered = sorted(notices, key=lambda notice: (notice["number"] or 0, notice["title"]))
        reasons = [self._reason(notice) for notice in ordered]
        common = reasons[0] if len(set(reasons)) == 1 else ""
        told = zip(ordered, reasons, strict=True)
        lines = [self._changed_line(notice, "" if reason == common else reason) for notice, reason in told]
        return self._day_letter("subject_timetable", ordered, "changed_day", lines, detail=common)

    def _changed_line(self, notice: Mapping[str, Any], reason: str) -> str:
        line = f"{self._lesson(notice)}: {self._change(notice)}"
        return f"{line}. {reason}" if reason else line

    def _change(self, notice: Mapping[str, Any]) -> str:
        """What of a lesson differs from the timetable: when and where it is held, and by whom."""
        day, moved = notice["moved_to"], []
        if day is not None:
            moved = [self._say("lesson_moved", date=self._date(day), number=notice["moved_number"])]
        elif notice["state"] == "cancelled":
            return self._say("lesson_cancelled")
        teacher = [self._say("lesson_stood_in")] if notice.get("stood_in") else []
        room = [self._say("lesson_room", classroom=notice["classroom"])] if notice.get("classroom") else []
        return ". ".join([*moved, *teacher, *room]) or self._say("lesson_as_planned")

    def _reason(self, notice: Mapping[str, Any]) -> str:
        reason = " ".join(notice["reason"].split())
        return self._say("reason", reason=reason) if reason else ""

    def absence(self, notice: Mapping[str, Any]) -> Letter:
        """A letter about an absence or lateness (attendance's `AbsenceNoticeView`); no code means it was withdrawn."""
        name = NAMES[self.language].get(notice["name"], notice["name"])
        news = self._say(_absence_news(notice), code=notice["code"], name=name, minutes=notice["minutes"])
        return self._letter("subject_attendance", notice, news)

    def day(self, notices: Sequence[Mapping[str, Any]]) -> Letter:
        """A letter about all entries of a day, in the order of the lessons."""
        ordered = sorted(notices, key=lambda notice: (notice["number"] or 0, notice["title"]))
        lines = [f"{self._lesson(notice)}: {self.absence(notice).news}" for notice in ordered]
        return self._day_letter("subject_attendance", ordered, "day", lines)

    def _day_letter(
        self, subject: str, notices: Sequence[Mapping[str, Any]], news: str, lines: Sequence[str], *, detail: str = ""
    ) -> Letter:
        """A letter about a day, which is that of `notices`, with a line for each lesson."""
        date = self._date(notices[0]["date"])
        letter = self._letter(subject, {**notices[0], "title": date}, self._say(news), detail=detail)
        return replace(letter, lesson=date, quote="\n".join(lines), lesson_id=None)

    def _homework(self, notice: Mapping[str, Any]) -> list[str]:
        """The text, then a line for each personal task, for each link, and for all files, which the diary has."""
        text, files = notice["homework"].strip(), notice.get("files", ())
        tasks = [self._say("task", due=self._date(one["due"]), text=one["text"]) for one in notice.get("tasks", ())]
        links = [f"{one['title']} {one['url']}".strip() for one in notice.get("links", ())]
        told = [self._say("files", names=", ".join(files))] if files else []
        return [line for line in (text, *tasks, *(self._say("page", link=link) for link in links), *told) if line]

    def _lesson(self, notice: Mapping[str, Any]) -> str:
        title, number = " ".join(notice["title"].split()), notice["number"]
        return title if number is None else self._say("day_lesson", title=title, number=number)

    def _letter(
        self, subject: str, notice: Mapping[str, Any], news: str, *, detail: str = "", quote: str = ""
    ) -> Letter:
        title = " ".join(notice["title"].split())
        number = notice.get("number")
        place = "lesson" if number is None else "numbered_lesson"
        return Letter(
            language=self.language,
            subject=f"{self._say(subject, title=title)} ({' '.join(self.student.split())})",
            student=self.student,
            lesson=self._say(place, title=title, date=self._date(notice["date"]), number=number),
            news=news,
            detail=detail,
            quote=quote,
            link=self._say("link"),
            why=self._say("why"),
            day=notice["date"],
            lesson_id=notice.get("lesson_id"),
        )

    def _say(self, sentence: str, **values: Any) -> str:
        return SENTENCES[self.language][sentence].format(**values)

    def _date(self, day: date) -> str:
        return DATES[self.language].format(day)


def _mark_news(notice: Mapping[str, Any], changed: bool) -> str:
    if notice["value"] is None:
        return "mark_gone" if notice["previous"] is None else "mark_taken_back"
    if changed:
        return "mark_now" if notice["previous"] is None else "mark_changed"
    return "mark"


def _absence_news(notice: Mapping[str, Any]) -> str:
    if notice["code"] is None:
        return "absence_withdrawn"
    return "absent" if notice["minutes"] is None else "late"
