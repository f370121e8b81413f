"""From the order to the document, beside the services that own what is printed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.gradebook import Gradebook
from contracts.printing import PART, Printing, PrintOrdered
from kernel import migrations
from kernel.auth import Actor
from kernel.contract import Rpc
from kernel.errors import Conflict, Forbidden, NotFound, Unavailable
from kernel.outbox import OutboxRow
from kernel.testing import call, deliver, statements
from services.identity import tables as identity_tables
from services.printing import queries, render
from tests.neighbours import Outside, School, Town


def page(town: Town, school: School) -> dict[str, Any]:
    (year,) = call(town.gradebook, Gradebook.calendar, school.methodologist)["years"]
    return {"course_id": school.algebra, "term_id": UUID(year["terms"][0]["id"])}


def ordered(service: Any, town: Town, school: School) -> dict[str, Any]:
    return call(service, Printing.order_journal_page, school.methodologist, **page(town, school))


def render_waiting(service: Any, school: School) -> None:
    """Hand over what was ordered, as the bus would."""
    waiting = select(OutboxRow).where(OutboxRow.published_at.is_(None))
    with service.unit_of_work.everywhere() as session:
        rows = session.scalars(waiting).all()
    for row in rows:
        deliver(service, PrintOrdered.from_wire(row.body), school.id, str(row.message_id))


def document(service: Any, actor: Actor, job_id: str) -> bytes:
    data = b""
    while True:
        part = call(service, Printing.document_part, actor, job_id=job_id, offset=len(data))
        data += base64.b64decode(part["data"])
        if len(data) >= part["size"]:
            return data


def test_an_order_becomes_a_document_with_its_hash(service: Any, town: Town, school: School):
    job = ordered(service, town, school)
    assert (job["state"], job["progress"], job["title"].split(",")[0]) == ("waiting", 0, "Алгебра")
    render_waiting(service, school)
    done = call(service, Printing.job, school.director, job_id=job["id"])
    assert (done["state"], done["progress"], done["failure"]) == ("done", 100, None)
    made = document(service, school.methodologist, job["id"])
    assert made.startswith(b"%PDF")
    assert (len(made), hashlib.sha256(made).hexdigest()) == (done["size"], done["sha256"])
    assert render.pages_of(made) == done["pages"] == 3


def test_a_document_arrives_whole_over_several_parts(service: Any, town: Town, school: School):
    job = ordered(service, town, school)
    large = bytes(range(256)) * (PART // 256 + 1)
    with service.unit_of_work.of(school.id) as session:
        queries.keep_document(session, school.id, UUID(job["id"]), large)
        queries.note(session, UUID(job["id"]), state="done", size=len(large), sha256="0" * 64)
    assert document(service, school.methodologist, job["id"]) == large


def test_the_same_order_delivered_twice_is_rendered_once(service: Any, town: Town, school: School):
    job = ordered(service, town, school)
    render_waiting(service, school)
    first = call(service, Printing.job, school.director, job_id=job["id"])
    render_waiting(service, school)
    again = PrintOrdered(job_id=UUID(job["id"]))
    assert deliver(service, again, school.id, "another-message")
    assert call(service, Printing.job, school.director, job_id=job["id"]) == first


def test_nothing_is_asked_within_a_transaction(service: Any, town: Town, school: School):
    service.ask = Outside(service)
    ordered(service, town, school)
    render_waiting(service, school)
    expected = {"gradebook.journal_page", "identity.names", "identity.schools", "attendance.lesson_checks"}
    assert expected <= service.ask.asked


def test_a_service_that_is_away_leaves_the_job_for_another_try(service: Any, town: Town, school: School):
    job = ordered(service, town, school)
    ask = service.ask

    def away(method: Rpc, **command: Any) -> dict[str, Any]:
        raise Unavailable("The service {service} is away.", service=method.service)

    service.ask = away
    with pytest.raises(Unavailable):
        render_waiting(service, school)
    assert call(service, Printing.job, school.director, job_id=job["id"])["state"] == "rendering"
    service.ask = ask
    render_waiting(service, school)
    assert call(service, Printing.job, school.director, job_id=job["id"])["state"] == "done"


def test_a_page_that_is_gone_meanwhile_ends_the_job_and_says_so(service: Any, town: Town, school: School):
    job = ordered(service, town, school)
    with service.unit_of_work.of(school.id) as session:
        queries.note(session, UUID(job["id"]), course_id=uuid7())
    render_waiting(service, school)
    failed = call(service, Printing.job, school.director, job_id=job["id"])
    assert failed["state"] == "failed"
    assert failed["failure"].startswith("There is no")
    with pytest.raises(Conflict):
        call(service, Printing.document_part, school.director, job_id=job["id"])


def test_a_page_that_cannot_be_laid_out_ends_the_job_without_a_stack_trace(service: Any, town: Town, school: School):
    with town.identity.unit_of_work.everywhere() as session:
        session.execute(update(identity_tables.School).values(name="Лицей \U0001faa8"))
    job = ordered(service, town, school)
    render_waiting(service, school)
    failed = call(service, Printing.job, school.director, job_id=job["id"])
    assert (failed["state"], failed["progress"]) == ("failed", 40)
    assert failed["failure"] == "The page could not be laid out. It was noted; order it again later."


@pytest.mark.parametrize("who", ["teacher", "director", "mother", "anna"])
def test_only_the_methodologist_orders(service: Any, town: Town, school: School, who: str):
    with pytest.raises(Forbidden):
        call(service, Printing.order_journal_page, getattr(school, who), **page(town, school))


@pytest.mark.parametrize("who", ["teacher", "mother", "anna"])
def test_teachers_and_families_see_no_print(service: Any, town: Town, school: School, who: str):
    job = ordered(service, town, school)
    for method in (Printing.job, Printing.document_part):
        with pytest.raises(Forbidden):
            call(service, method, getattr(school, who), job_id=job["id"])
    with pytest.raises(Forbidden):
        call(service, Printing.jobs, getattr(school, who))


def test_another_schools_job_is_one_that_does_not_exist(service: Any, town: Town, school: School):
    job = ordered(service, town, school)
    render_waiting(service, school)
    other = School(town)
    for method in (Printing.job, Printing.document_part):
        with pytest.raises(NotFound):
            call(service, method, other.methodologist, job_id=job["id"])
        with pytest.raises(NotFound):
            call(service, method, other.methodologist, job_id=uuid7())
    assert call(service, Printing.jobs, other.methodologist)["jobs"] == []
    with pytest.raises(NotFound):
        call(service, Printing.order_journal_page, other.methodologist, **page(town, school))


def test_jobs_come_newest_first_in_pages(service: Any, town: Town, school: School):
    ids = [ordered(service, town, school)["id"] for _ in range(3)]
    first = call(service, Printing.jobs, school.director, limit=2)
    rest = call(service, Printing.jobs, school.director, limit=2, after=first["next"])
    assert [job["id"] for job in first["jobs"] + rest["jobs"]] == ids[::-1]
    assert rest["next"] is None


def test_the_list_takes_one_statement_however_long_it_is(service: Any, town: Town, school: School):
    ordered(service, town, school)
    with statements(service.unit_of_work.engine) as few:
        call(service, Printing.jobs, school.director)
    for _ in range(5):
        ordered(service, town, school)
    with statements(service.unit_of_work.engine) as many:
        call(service, Printing.jobs, school.director)
    assert len(few) == len(many) == 1


def test_the_migrated_schema_is_the_declared_one(database_url: str):
    migrations.upgrade("printing", database_url)
    assert migrations.differences("printing", database_url) == []
