"""Operations that are more than one call: put together here for the API and the pages alike."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Request, current_app, request
from marshmallow import fields
from werkzeug.exceptions import UnsupportedMediaType

from contracts.attendance import Attendance
from contracts.gradebook import Gradebook
from contracts.identity import MANY, Identity
from contracts.printing import Printing
from gateway import auth, language
from gateway.asking import LONG_TIMEOUT, SHORT_TIMEOUT, ask, carry_out
from gateway.http import YEARS
from kernel.errors import Fault, Invalid, NotFound

#: The longest name of an uploaded file that is kept: its end.
LONGEST_NAME: Final = 200


def open_session(login: str, password: str) -> dict[str, Any]:
    """Tokens of a new session, opened from the address the request came from."""
    address = request.remote_addr or ""
    session: dict[str, Any] = carry_out(Identity.open_session, login=login, password=password, address=address)
    return session


def close_session() -> None:
    """End the caller's session: here at once, everywhere when the news of it arrives."""
    carry_out(Identity.close_session)
    session_id = auth.actor().session_id
    if session_id is not None:
        current_app.extensions["lyceum"].door.ended.add(session_id)


def diary(student_id: UUID, day: date) -> dict[str, Any]:
    """A student's week with absences; `missing` says that they could not be had."""
    if day.year not in YEARS:
        raise Invalid("Not a valid date.", rule="date", field="date")
    week = ask(Gradebook.diary_week, student_id=student_id, date=day)
    days = [each["date"] for each in week["days"]]
    try:
        found = ask(
            Attendance.absences_of,
            timeout=SHORT_TIMEOUT,
            student_id=student_id,
            starts_on=days[0],
            ends_on=days[-1],
        )
    except (
        Fault,
        NotFound,
    ):  # away, or has not heard of the student yet: the gradebook has let the caller in
        return {**week, "absences": [], "missing": ["absences"]}
    return {**week, "absences": found["absences"], "missing": []}


def journal(course_id: UUID, term_id: UUID) -> dict[str, Any]:
    """A journal page with names and absences; `missing` says what could not be had."""
    page = ask(Gradebook.journal_page, course_id=course_id, term_id=term_id)
    names = names_of({*page["student_ids"], *page["course"]["teacher_ids"]})
    lesson_ids = [lesson["id"] for lesson in page["lessons"]][:MANY]
    try:
        checks = ask(Attendance.lesson_checks, timeout=SHORT_TIMEOUT, lesson_ids=lesson_ids) if lesson_ids else {}
    except Fault:
        return {**page, "names": names, "checks": [], "missing": ["absences"]}
    return {**page, "names": names, "checks": checks.get("checks", []), "missing": []}


def lesson_check(lesson_id: UUID) -> dict[str, Any]:
    """A lesson's check. Raises `NotFound` while nobody has checked the lesson."""
    checks: list[dict[str, Any]] = ask(Attendance.lesson_checks, lesson_ids=[lesson_id])["checks"]
    if not checks:
        raise NotFound("Nobody has checked this lesson yet.", rule="lesson-not-checked", field="lesson_id")
    return checks[0]


def names_of(person_ids: set[str]) -> dict[str, dict[str, Any]]:
    """Names by id, as far as the caller may see them; of more people than one call takes, by several calls."""
    wanted = sorted(person_ids)
    pages = [wanted[start : start + MANY] for start in range(0, len(wanted), MANY)]
    return {one["id"]: one for page in pages for one in ask(Identity.names, person_ids=page)["people"]}


def start_import(upload: Request, *, dry_run: bool = False) -> dict[str, Any]:
    """Hand in the bundle of a request: a form's file, or the body itself."""
    name, data, asked_in_form = _bundle(upload)
    if not data:
        raise Invalid("No bundle came with the request.", rule="bundle-missing", field="bundle")
    started: dict[str, Any] = carry_out(
        Identity.start_import,
        timeout=LONG_TIMEOUT,
        file_name=name[-LONGEST_NAME:] or "bundle.zip",
        bundle=base64.b64encode(data).decode(),
        dry_run=dry_run or asked_in_form,
    )
    return _told(started)


def import_status(import_id: UUID) -> dict[str, Any]:
    """How an import stands; its faults in the caller's language."""
    return _told(ask(Identity.import_status, import_id=import_id))


def order_print(course_id: UUID, term_id: UUID) -> dict[str, Any]:
    """Order a course's journal page for a term."""
    return _told_job(carry_out(Printing.order_journal_page, course_id=course_id, term_id=term_id))


def print_job(job_id: UUID) -> dict[str, Any]:
    """How a print job stands; why it failed, in the caller's language."""
    return _told_job(ask(Printing.job, job_id=job_id))


def print_jobs(**query: Any) -> dict[str, Any]:
    """A page of print jobs, as `print_job` tells each."""
    page = ask(Printing.jobs, **query)
    return {**page, "jobs": [_told_job(job) for job in page["jobs"]]}


def _told_job(job: dict[str, Any]) -> dict[str, Any]:
    return {**job, "failure": language.said(job["failure"])} if job["failure"] else job


def _told(view: dict[str, Any]) -> dict[str, Any]:
    faults = [{**fault, "message": language.said(fault["message"])} for fault in view["faults"]]
    return {**view, "faults": faults}


def _bundle(upload: Request) -> tuple[str, bytes, bool]:
    """Name, bytes, and whether the form asks for a check only."""
    if upload.mimetype == "multipart/form-data":
        asked = upload.form.get("dry_run", "")
        if asked not in fields.Boolean.truthy | fields.Boolean.falsy | {""}:
            raise Invalid("Not a valid boolean.", rule="schema", field="dry_run")
        file = upload.files.get("bundle")
        name = (file.filename or "").replace("\0", "") if file else ""
        return name, file.read() if file else b"", asked in fields.Boolean.truthy
    if upload.mimetype in ("application/zip", "application/octet-stream"):
        return "", upload.get_data(), False
    raise UnsupportedMediaType("Send the bundle as application/zip or multipart/form-data.")
