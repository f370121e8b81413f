"""Print jobs and their documents through the door."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from sqlalchemy import delete, update
from uuid_utils.compat import uuid7

from services.gradebook.calendar.tables import Term
from services.printing.documents.tables import PrintJob
from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site
from tests.kit.town import School


def page(door: Site, school: School) -> dict[str, str]:
    (year,) = answered(door.asking(school.methodologist).get("/calendar"))["years"]
    return {"course_id": str(school.algebra), "term_id": year["terms"][0]["id"]}


def ordered(door: Site, school: School, **headers: str) -> Any:
    return door.asking(school.methodologist, **headers).post("/print-jobs", json=page(door, school))


def ordered_anew(door: Site, school: School) -> Any:
    """An order after all others have failed, so that it leads to none of them."""
    with door.bus.services["printing"].unit_of_work.of(school.id) as session:
        session.execute(update(PrintJob).values(state="failed"))
    return ordered(door, school)


def test_d20_the_same_order_leads_to_the_same_job_and_says_so(door: Site, school: School) -> None:
    first, again = ordered(door, school), ordered(door, school)
    assert answered(first, 202) == {**answered(again, 202), "existed": False}
    assert (answered(again, 202)["existed"], again.headers["Location"]) == (True, first.headers["Location"])


def test_a_page_is_ordered_rendered_and_fetched_whole_from_either_kind_of_store(
    door_with_store: Site, school: School
) -> None:
    door = door_with_store
    order = ordered(door, school)
    job = answered(order, 202)
    assert (job["state"], order.headers["Location"]) == ("waiting", f"/api/v1/print-jobs/{job['id']}")
    asking = door.asking(school.methodologist)
    refused(asking.get(f"/print-jobs/{job['id']}/document"), 409)
    door.carry()
    done = answered(asking.get(f"/print-jobs/{job['id']}"))
    assert (done["state"], done["progress"], done["failure"]) == ("done", 100, None)
    document = asking.get(f"/print-jobs/{job['id']}/document")
    assert (document.status_code, document.mimetype) == (200, "application/pdf")
    assert document.data.startswith(b"%PDF")
    digest = hashlib.sha256(document.data)
    assert (len(document.data), digest.hexdigest()) == (done["size"], done["sha256"])
    assert document.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    again = asking.get(f"/print-jobs/{job['id']}/document", headers={"If-None-Match": document.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_s26_a_document_is_not_kept_on_a_shared_computer(door: Site, school: School) -> None:
    job = answered(ordered(door, school), 202)
    door.carry()
    path = f"/print-jobs/{job['id']}/document"
    by_page = door.visit(school.methodologist).get(f"/print/{job['id']}/document")
    by_api = door.asking(school.methodologist).get(path)
    known = door.asking(school.methodologist).get(path, headers={"If-None-Match": by_api.headers["ETag"]})
    for answer in (by_page, by_api, known):
        assert answer.headers["Cache-Control"] == "no-store"
        answer.close()


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "Не найдено: учебный период."), ("en", "There is no such term.")]
)
def test_why_a_job_failed_is_told_in_the_language_of_the_request(
    door: Site, school: School, language: str, said: str
) -> None:
    wanted = page(door, school)
    job = answered(door.asking(school.methodologist).post("/print-jobs", json=wanted), 202)
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(delete(Term))
    door.carry()
    asking = door.asking(school.methodologist, **{"Accept-Language": language})
    failed = answered(asking.get(f"/print-jobs/{job['id']}"))
    assert failed["state"] == "failed"
    assert failed["failure"] == said.format(id=wanted["term_id"])


def test_a_repeated_key_orders_once(door: Site, school: School) -> None:
    orders = [answered(ordered(door, school, **{"Idempotency-Key": "one-click"}), 202)["id"] for _ in range(2)]
    assert orders[0] == orders[1]


def test_jobs_are_listed_page_by_page_newest_first(door: Site, school: School) -> None:
    ids = [answered(ordered_anew(door, school), 202)["id"] for _ in range(3)]
    asking = door.asking(school.director)
    first = asking.get("/print-jobs?limit=2")
    assert [job["id"] for job in answered(first)["jobs"]] == [ids[2], ids[1]]
    rest = asking.get(first.headers["Link"].partition("<")[2].partition(">")[0].removeprefix("/api/v1"))
    assert [job["id"] for job in answered(rest)["jobs"]] == [ids[0]]
    assert "Link" not in rest.headers


def test_only_the_methodologist_orders_and_families_see_no_print(door: Site, school: School) -> None:
    body = page(door, school)
    for who in (school.director, school.teacher, school.mother, school.anna):
        refused(door.asking(who).post("/print-jobs", json=body), 403, "role")
    refused(door.asking(school.mother).get("/print-jobs"), 403, "role")


def test_another_schools_course_and_job_are_as_none(door: Site, school: School) -> None:
    job = answered(ordered(door, school), 202)
    stranger = door.asking(School(door.town).methodologist)
    body = page(door, school)
    order = stranger.post("/print-jobs", json=body)
    refused(order, 404)
    same_refusal(order, stranger.post("/print-jobs", json={**body, "course_id": str(uuid7())}))
    for tail in ("", "/document"):
        answer = stranger.get(f"/print-jobs/{job['id']}{tail}")
        refused(answer, 404)
        same_refusal(answer, stranger.get(f"/print-jobs/{uuid7()}{tail}"))
