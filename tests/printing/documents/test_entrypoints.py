"""Orders, jobs and documents through the service, beside the services whose data is printed."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.attendance.checks import Checks
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.printing.documents import OWNER, Documents
from kernel import context
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import jobs
from kernel.data.jobs import ClaimLost, JobRow
from kernel.errors import Conflict, Forbidden, NotFound, Unavailable
from kernel.files.store import Place, take
from kernel.texts import Text
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.identity.people.tables import Person
from services.printing.documents import queries, render
from services.printing.documents.recording import PRINTS
from services.printing.documents.tables import Document, PrintJob
from services.printing.service import PrintingService
from tests.kit.calls import call, statements
from tests.kit.jobs import carry_out_due, make_due
from tests.kit.town import Outside, School

pytestmark = pytest.mark.slow

HALF: Final = "1-е полугодие"


def algebra(school: School) -> dict[str, Any]:
    """The page of algebra in the only term there is."""
    (year,) = call(school.town.gradebook, Calendar.calendar, school.methodologist)["years"]
    return {"course_id": school.algebra, "term_id": year["terms"][0]["id"]}


def ordered(service: PrintingService, school: School) -> dict[str, Any]:
    return call(service, Documents.order_journal_page, school.methodologist, **algebra(school))


def ordered_anew(service: PrintingService, school: School) -> dict[str, Any]:
    """An order after all others have failed, so that it leads to none of them."""
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(PrintJob).values(state="failed"))
    return ordered(service, school)


def carry(service: PrintingService, school: School) -> int:
    """Carry out what is due; how many jobs there were."""
    return carry_out_due(service)


def stands(service: PrintingService, school: School, job: dict[str, Any]) -> dict[str, Any]:
    return call(service, Documents.job, school.director, job_id=job["id"])


def document(service: PrintingService, school: School, job: dict[str, Any]) -> bytes:
    """The document, from the store of files."""
    found = call(service, Documents.document, school.methodologist, job_id=job["id"])
    assert found["title"] == job["title"]
    data = service.files.read(Place(OWNER, school.id).key(found["sha256"]))
    assert len(data) == found["size"]
    return data


def refusing(reason: Exception) -> Callable[..., Any]:
    """What asking is like while a service is away."""

    def ask(*_: Any, **__: Any) -> Any:
        raise reason

    return ask


@pytest.mark.pdf
def test_an_ordered_page_is_printed_with_names_marks_absences_and_topics(
    service: PrintingService, attendance: Any, school: School, tmp_path: Path
) -> None:
    gradebook = school.town.gradebook
    words = {"lesson_id": school.lesson, "version": 1, "topic": "Степень числа", "homework": "§ 12, № 245"}
    call(gradebook, Lessons.describe_lesson, school.teacher, **words)
    for student, value in ((school.boris, "5"), (school.anna, "2")):
        mark = {"lesson_id": school.lesson, "student_id": student.person_id, "value": value}
        call(gradebook, Marks.post_mark, school.teacher, **mark)
    absences = [{"student_id": school.anna.person_id, "code": "О", "minutes": 5}]
    call(attendance, Checks.check_lesson, school.homeroom_a, lesson_id=school.lesson, absences=absences)
    job = ordered(service, school)
    assert carry(service, school) == 1
    path = tmp_path / "printed.pdf"
    path.write_bytes(document(service, school, job))
    read = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    text = "".join(read.split())
    for there in ("Лицей", "Алгебра, 7А", "Учитель: Иванова Мария", "Кузнецов Борис 5 5,00", "Смирнова Анна О 2 2,00",
                  "Степень числа § 12, № 245"):  # fmt: skip
        assert there.replace(" ", "") in text
    assert "Соколов" not in text, "he is in another class"


def test_a_job_waits_is_rendered_and_tells_of_its_document(service: PrintingService, school: School) -> None:
    job = ordered(service, school)
    assert (job["title"], job["state"], job["progress"]) == ("Алгебра, I", "waiting", 0)
    assert job["ordered_by"] == str(school.methodologist.person_id)
    with pytest.raises(Conflict, match="still being made"):
        document(service, school, job)
    carry(service, school)
    done, data = stands(service, school, job), document(service, school, job)
    assert (done["state"], done["progress"], done["failure"], done["pages"]) == ("done", 100, None, 3)
    assert (done["size"], done["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert done["finished_at"] > done["ordered_at"]


def test_a_document_that_an_earlier_version_kept_in_its_table_moves_into_the_store(
    service: PrintingService, school: School
) -> None:
    job = ordered(service, school)
    carry(service, school)
    data = document(service, school, job)
    service.files.delete(Place(OWNER, school.id).key(hashlib.sha256(data).hexdigest()))
    with service.unit_of_work.of(school.id) as session:
        session.add(Document(school_id=school.id, job_id=UUID(job["id"]), data=data))
    assert document(service, school, job) == data
    with service.unit_of_work.of(school.id) as session:
        assert queries.document_in_table(session, UUID(job["id"])) is None
    assert document(service, school, job) == data


def test_while_the_store_of_files_is_away_a_document_waits(
    service: PrintingService, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered(service, school)
    folder = service.files.folder
    folder.write_text("a file where the folder would be")
    with pytest.raises(Unavailable):
        carry(service, school)
    assert stands(service, school, job)["state"] == "rendering"
    folder.unlink()
    make_due(service)
    carry(service, school)
    assert document(service, school, job).startswith(b"%PDF")


def test_documents_of_no_job_are_deleted_after_a_day(
    service: PrintingService, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered(service, school)
    carry(service, school)
    kept, place = document(service, school, job), Place(OWNER, school.id)
    taken = take(service.files, place, [b"%PDF-1.7 of a job that was killed"], largest=99, allowed={"pdf"}, field="-")
    service.delete_unneeded_documents()
    assert service.files.size(place.key(taken.sha256))
    monkeypatch.setattr("services.printing.documents.entrypoints.now", lambda: now() + timedelta(days=1, minutes=1))
    service.delete_unneeded_documents()
    assert service.files.size(place.key(taken.sha256)) is None
    assert document(service, school, job) == kept


def test_jobs_come_newest_first_page_by_page(service: PrintingService, school: School) -> None:
    ids = [ordered_anew(service, school)["id"] for _ in range(3)]
    first = call(service, Documents.jobs, school.director, limit=2)
    assert [job["id"] for job in first["jobs"]] == [ids[2], ids[1]]
    assert first["next"] == ids[1]
    rest = call(service, Documents.jobs, school.director, limit=2, after=first["next"])
    assert ([job["id"] for job in rest["jobs"]], rest["next"]) == ([ids[0]], None)


def test_only_the_methodologist_orders_and_only_keepers_see(service: PrintingService, school: School) -> None:
    job = ordered(service, school)
    for who in (school.director, school.teacher, school.mother, school.anna):
        with pytest.raises(Forbidden):
            call(service, Documents.order_journal_page, who, **algebra(school))
    for who in (school.teacher, school.mother, school.anna, school.service("notifications")):
        for method, command in (
            (Documents.jobs, {}),
            (Documents.job, {"job_id": job["id"]}),
            (Documents.document, {"job_id": job["id"]}),
        ):
            with pytest.raises(Forbidden):
                call(service, method, who, **command)


def test_what_does_not_exist_is_not_ordered(service: PrintingService, school: School) -> None:
    for missing in ("course_id", "term_id"):
        wanted = {**algebra(school), missing: uuid7()}
        with pytest.raises(NotFound):
            call(service, Documents.order_journal_page, school.methodologist, **wanted)
    assert carry(service, school) == 0


def test_another_schools_job_is_as_one_that_does_not_exist(service: PrintingService, school: School) -> None:
    job = ordered(service, school)
    carry(service, school)
    other = School(school.town)
    assert call(service, Documents.jobs, other.director)["jobs"] == []
    for method in (Documents.job, Documents.document):
        told = []
        for job_id in (job["id"], uuid7()):
            with pytest.raises(NotFound) as refused:
                call(service, method, other.methodologist, job_id=job_id)
            told.append(refused.value.to_wire())
        assert told[0] == told[1]


def test_an_order_repeated_with_its_key_is_one_order(service: PrintingService, school: School) -> None:
    command = algebra(school)
    key = {"idempotency_key": "one-click", "fingerprint": "same"}
    who: Actor = school.methodologist
    answers = []
    for _ in range(2):
        one = context.Call(tenant_id=school.id, account_id=who.account_id, operation="order", **key)
        with context.handling(one):
            answers.append(call(service, Documents.order_journal_page, who, **command))
    assert answers[0] == answers[1]
    with service.unit_of_work.of(school.id) as session:
        assert session.scalar(select(func.count()).select_from(JobRow)) == 1


def marked(service: PrintingService, school: School) -> None:
    mark = {"lesson_id": school.lesson, "student_id": school.anna.person_id, "value": "5"}
    call(school.town.gradebook, Marks.post_mark, school.teacher, **mark)


def given_homework(service: PrintingService, school: School) -> None:
    words = {"lesson_id": school.lesson, "version": 1, "topic": "Степень", "homework": "§ 12"}
    call(school.town.gradebook, Lessons.describe_lesson, school.teacher, **words)


def absent(service: PrintingService, school: School) -> None:
    absences = [{"student_id": school.anna.person_id, "code": "Н"}]
    (attendance,) = school.town.listeners
    call(attendance, Checks.check_lesson, school.homeroom_a, lesson_id=school.lesson, absences=absences)


def renamed(service: PrintingService, school: School) -> None:
    with school.identity.unit_of_work.of(school.id) as session:
        session.execute(update(Person).where(Person.id == school.anna.person_id).values(patronymic="Олеговна"))


Change = Callable[[PrintingService, School], None]


@pytest.mark.parametrize("change", [marked, given_homework, absent, renamed])
def test_d20_an_order_of_what_is_printed_leads_to_it_until_the_journal_changes(
    service: PrintingService, school: School, change: Change
) -> None:
    first = ordered(service, school)
    carry(service, school)
    again = ordered(service, school)
    assert (first["existed"], again["existed"]) == (False, True)
    assert (again["id"], again["state"]) == (first["id"], "done")
    change(service, school)
    changed = ordered(service, school)
    assert (changed["existed"], changed["state"]) == (False, "waiting")
    assert changed["id"] != first["id"]
    assert carry(service, school) == 1
    assert document(service, school, first) != document(service, school, changed)


def test_d20_an_order_of_what_waits_leads_to_it_and_prints_what_changed_meanwhile(
    service: PrintingService, school: School
) -> None:
    first = ordered(service, school)
    marked(service, school)
    again = ordered(service, school)
    assert (again["id"], again["existed"]) == (first["id"], True)
    assert carry(service, school) == 1
    after = ordered(service, school)
    assert (after["id"], after["existed"]) == (first["id"], True), "the mark is on the print"


def test_d20_an_order_of_what_is_being_printed_leads_to_it_unless_the_journal_changed(
    service: PrintingService, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, meanwhile, rendered = ordered(service, school), [], render.rendered

    def rendered_slowly(template: str, data: dict[str, Any]) -> bytes:
        if not meanwhile:
            meanwhile.append(ordered(service, school))
            marked(service, school)
            meanwhile.append(ordered(service, school))
        return rendered(template, data)

    monkeypatch.setattr(render, "rendered", rendered_slowly)
    assert carry(service, school) == 2
    same, new = meanwhile
    assert (same["id"], same["state"], same["existed"]) == (first["id"], "rendering", True)
    assert (new["state"], new["existed"]) == ("waiting", False)


def test_d20_orders_that_failed_or_are_of_another_course_or_term_lead_nowhere(
    service: PrintingService, school: School
) -> None:
    page = algebra(school)
    others = [page | {"course_id": school.english}, page | {"term_id": school.go_by_half_years(school.algebra)[HALF]}]
    with school.town.gradebook.unit_of_work.of(school.id) as session:  # it goes by both, so that both can be ordered
        session.execute(update(calendar_tables.Term).values(division=""))
        session.execute(update(courses_tables.Course).values(division=""))
    orders = [call(service, Documents.order_journal_page, school.methodologist, **one) for one in (page, *others)]
    orders.append(ordered_anew(service, school))
    assert len({job["id"] for job in orders}) == 4
    assert not any(job["existed"] for job in orders)


def test_d20_who_order_the_same_at_the_same_moment_get_one_job(
    service: PrintingService, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_have_looked, look = Barrier(3), queries.latest_print

    def look_together(session: Session, course_id: UUID, term_id: UUID) -> PrintJob | None:
        found = look(session, course_id, term_id)
        if found is None:
            all_have_looked.wait(10)
        return found

    monkeypatch.setattr(queries, "latest_print", look_together)
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _: ordered(service, school), range(3)))
    assert len({job["id"] for job in answers}) == 1
    assert sorted(job["existed"] for job in answers) == [False, True, True]
    assert carry(service, school) == 1


def test_d20_an_order_and_a_list_send_as_many_statements_however_many_jobs_there_are(
    service: PrintingService, engine: Engine, school: School
) -> None:
    counts = []
    for more in (1, 20):
        for _ in range(more):
            ordered_anew(service, school)
        with statements(engine) as of_order:
            ordered(service, school)
        with statements(engine) as of_list:
            call(service, Documents.jobs, school.director, limit=2)
        counts.append((len(of_order), len(of_list)))
    assert counts[0] == counts[1]
    assert counts[0][1] == 1


def test_a_job_is_rendered_once(service: PrintingService, school: School) -> None:
    ordered(service, school)
    assert [carry(service, school), carry(service, school)] == [1, 0]


def test_of_two_who_carry_out_the_same_job_the_later_one_alone_leaves_a_document(
    service: PrintingService, school: School
) -> None:
    job = ordered(service, school)
    ask, entered = service.ask, []

    def ask_and_be_overtaken(method: Any, **command: Any) -> Any:
        if not entered:
            entered.append(method)
            jobs.release_all(service.unit_of_work, PRINTS)  # the claim has lapsed
            carry(service, school)
        return ask(method, **command)

    service.ask = ask_and_be_overtaken
    with pytest.raises(ClaimLost):
        carry(service, school)
    after = stands(service, school, job)
    assert (after["state"], after["progress"]) == ("done", 100)
    assert hashlib.sha256(document(service, school, job)).hexdigest() == after["sha256"]


def test_a_job_that_fails_again_and_again_is_told_as_failed(
    service: PrintingService, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered(service, school)
    monkeypatch.setattr("services.printing.documents.entrypoints.journal", lambda *_: 1 / 0)
    for _ in range(len(jobs.PAUSES) + 1):
        make_due(service)
        with pytest.raises(ZeroDivisionError):
            carry(service, school)
    after = stands(service, school, job)
    assert (after["state"], after["failure_text"]["rule"]) == ("failed", "not-rendered")


def test_a_service_that_is_away_leaves_the_job_to_be_tried_again(service: PrintingService, school: School) -> None:
    job = ordered(service, school)
    ask, service.ask = service.ask, refusing(Unavailable("The gradebook is away."))
    with pytest.raises(Unavailable):
        carry(service, school)
    assert stands(service, school, job)["state"] == "rendering"
    service.ask = ask
    make_due(service)
    carry(service, school)
    assert stands(service, school, job)["state"] == "done"


def test_a_job_that_failed_before_texts_were_kept_is_told_by_its_sentence(
    service: PrintingService, school: School
) -> None:
    job = ordered(service, school)
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(PrintJob).values(state="failed", failure="The {page} is gone."))
    after = stands(service, school, job)
    assert (after["failure"], after["failure_text"]) == ("The {page} is gone.", None)


def test_a_refusal_ends_the_job_with_its_reason(service: PrintingService, school: School) -> None:
    job = ordered(service, school)
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(delete(calendar_tables.Term))
    carry(service, school)
    after = stands(service, school, job)
    assert (after["state"], after["pages"], after["sha256"]) == ("failed", None, None)
    text = Text.from_wire(after["failure_text"])
    assert after["failure"] == str(text) == "There is no such term."
    assert (after["failure_text"]["rule"], text.params["what"]) == ("no-such-term", Text("term"))
    assert after["finished_at"] is not None
    with pytest.raises(Conflict, match="could not be made"):
        document(service, school, job)


def test_a_page_that_cannot_be_laid_out_fails_in_plain_words(
    service: PrintingService, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered(service, school)
    monkeypatch.setattr(render, "LONGEST", 0.01)
    carry(service, school)
    after = stands(service, school, job)
    assert after["state"] == "failed"
    assert after["failure"] == "The page could not be laid out. It was noted; order it again later."
    assert after["failure_text"]["rule"] == "not-rendered"


def test_nothing_is_asked_or_rendered_within_a_transaction(service: PrintingService, school: School) -> None:
    service.ask = outside = Outside(service)
    job = ordered(service, school)
    carry(service, school)
    assert stands(service, school, job)["state"] == "done"
    assert outside.asked == {
        "gradebook.journal_page", "identity.names", "identity.schools", "identity.class_facts",
        "attendance.lesson_checks",
    }  # fmt: skip


def test_two_schools_jobs_with_the_same_id_stay_apart(service: PrintingService, school: School) -> None:
    job = ordered(service, school)
    other = School(school.town)
    with service.unit_of_work.of(school.id) as session:
        mine = session.scalars(select(PrintJob)).one()
        row = {column.key: getattr(mine, column.key) for column in PrintJob.__table__.columns}
    with service.unit_of_work.of(other.id) as session:
        session.add(PrintJob(**{**row, "school_id": other.id, "title": "Theirs"}))
    carry(service, school)
    assert stands(service, school, job)["state"] == "done"
    theirs = call(service, Documents.job, other.director, job_id=job["id"])
    assert (theirs["title"], theirs["state"]) == ("Theirs", "waiting")
    with pytest.raises(Conflict):
        document(service, other, job)
