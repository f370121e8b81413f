"""People, classes, credentials, roles, consents, deliveries through the door."""

from __future__ import annotations

import pytest
from uuid_utils.compat import uuid7

from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site, operator
from tests.kit.jobs import carry_out_due
from tests.kit.town import School


def test_the_methodologist_finds_people_page_by_page(door: Site, school: School) -> None:
    methodologist = door.asking(school.methodologist)
    path, seen = "/people?role=student&limit=3", []
    while path:
        page = methodologist.get(path)
        seen += [person["name"] for person in answered(page)["people"]]
        link = page.headers.get("Link", "")
        assert bool(link) == (page.json["next"] is not None)
        path = link.partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    assert seen == ["Кузнецов Борис", "Попова Вера", "Смирнова Анна", "Соколов Глеб"]


def test_people_are_found_by_name(door: Site, school: School) -> None:
    found = door.asking(school.director).get("/people", query_string={"query": "смирнов"})
    assert [person["given_name"] for person in answered(found)["people"]] == ["Анна"]


def test_other_schools_people_are_not_found(door: Site, school: School) -> None:
    other = School(door.town)
    own = answered(door.asking(other.director).get("/people?limit=200"))["people"]
    assert str(school.anna.person_id) not in {person["id"] for person in own}
    assert str(other.anna.person_id) in {person["id"] for person in own}


def test_a_contact_is_changed_in_part(door: Site, school: School) -> None:
    methodologist = door.asking(school.methodologist)
    path = f"/people/{school.mother.person_id}/contact"
    assert answered(methodologist.patch(path, json={"phone": "+7 900 000-00-00"}))["email"] == "mother@example.org"
    assert answered(methodologist.patch(path, json={"email": None}))["email"] is None
    refused(methodologist.patch(path, json={"email": "no address"}), 422, "schema", "email")
    same_refusal(
        door.asking(School(door.town).methodologist).patch(path, json={}),
        methodologist.patch(f"/people/{uuid7()}/contact", json={}),
    )


@pytest.mark.parametrize("who", ["director", "teacher", "mother"])
def test_only_the_methodologist_enters_contacts(door: Site, school: School, who: str) -> None:
    path = f"/people/{school.mother.person_id}/contact"
    refused(door.asking(getattr(school, who)).patch(path, json={"phone": "1"}), 403, "role")


def test_credentials_are_issued_and_work(door: Site, school: School) -> None:
    ids, methodologist = {"person_ids": [str(school.anna.person_id)]}, door.asking(school.methodologist)
    refused(methodologist.post("/credentials", json=ids), 409, "replaces-passwords", "replace")
    ordered = methodologist.post("/credentials", json={**ids, "replace": True})
    path = f"/credentials/{answered(ordered, 202)['id']}"
    assert ordered.headers["Location"] == f"/api/v1{path}"
    refused(methodologist.post(f"{path}/slips"), 409, "slips-not-there")
    carry_out_due(door.bus.services["identity"])
    found = methodologist.get(path)
    assert (answered(found)["job"]["state"], found.json["ready"], found.json["people"]) == ("done", True, 1)
    assert methodologist.get(path, headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
    (slip,) = answered(methodologist.post(f"{path}/slips"))["credentials"]
    assert answered(methodologist.post(f"{path}/slips"))["credentials"] == [slip]
    refused(door.asking(school.director).post(f"{path}/slips"), 404, "no-order")
    sign_in = {"login": slip["login"], "password": slip["password"]}
    answered(door.app.test_client().post("/api/v1/sessions", json=sign_in), 201)


def test_credentials_of_another_schools_people_are_not_issued(door: Site, school: School) -> None:
    stranger = door.asking(School(door.town).methodologist)
    answer = stranger.post("/credentials", json={"person_ids": [str(school.anna.person_id)]})
    refused(answer, 404)
    same_refusal(answer, stranger.post("/credentials", json={"person_ids": [str(uuid7())]}))


def test_the_director_appoints_and_others_do_not(door: Site, school: School) -> None:
    path = f"/people/{school.teacher.person_id}/roles"
    given = door.asking(school.director).post(path, json={"role": "methodologist"})
    assert set(answered(given)["roles"]) == {"teacher", "methodologist"}
    taken = door.asking(school.director).post(path, json={"role": "methodologist", "held": False})
    assert answered(taken)["roles"] == ["teacher"]
    refused(door.asking(school.methodologist).post(path, json={"role": "director"}), 403, "role")


def test_an_operator_appoints_directors_only(door: Site, school: School) -> None:
    path = f"/people/{school.teacher.person_id}/roles"
    answered(door.asking(operator()).post(path, json={"role": "director"}))
    refused(door.asking(operator()).post(path, json={"role": "teacher"}), 403, "operator-directors-only")


def test_a_consent_is_entered_once_for_a_guardian_of_the_student(door: Site, school: School) -> None:
    methodologist = door.asking(school.methodologist)
    consent = {
        "guardian_id": str(school.father.person_id), "student_id": str(school.anna.person_id), "purpose": "portal",
        "granted": True,
    }  # fmt: skip
    first = answered(methodologist.post("/consents", json=consent), 201)
    assert answered(methodologist.post("/consents", json=consent), 201)["since"] == first["since"]
    stranger = {**consent, "guardian_id": str(school.other_mother.person_id)}
    refused(methodologist.post("/consents", json=stranger), 404, "no-guardian", "guardian_id")
    refused(door.asking(school.father).post("/consents", json=consent), 403, "role")


def test_names_are_given_as_far_as_one_may_see_them(door: Site, school: School) -> None:
    ids = {"person_ids": [str(school.anna.person_id), str(school.boris.person_id)]}

    def seen(who: str) -> set[str]:
        return {
            one["given_name"]
            for one in answered(door.asking(getattr(school, who)).post("/people/names", json=ids))["people"]
        }

    assert seen("teacher") == {"Анна", "Борис"}
    assert seen("mother") == {"Анна"}


def test_staff_read_classes_with_their_students(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher)
    assert [one["name"] for one in answered(teacher.get("/classes"))["classes"]] == ["7А", "7Б"]
    listed = answered(teacher.get(f"/classes/{school.class_a}"))["enrolled"]
    assert [student["given_name"] for student in listed] == ["Борис", "Вера", "Анна"]
    stranger = door.asking(School(door.town).teacher)
    answer = stranger.get(f"/classes/{school.class_a}")
    refused(answer, 404)
    same_refusal(answer, stranger.get(f"/classes/{uuid7()}"))


def test_who_is_signed_in_sees_schools_and_children(door: Site, school: School) -> None:
    (place,) = answered(door.asking(school.other_mother).get("/me"))["memberships"]
    assert {child["name"] for child in place["children"]} == {"Кузнецов Борис", "Попова Вера"}
    (own,) = answered(door.asking(school.mother).get("/schools"))["schools"]
    assert own["id"] == str(school.id)
    other = School(door.town)
    everything = {one["id"] for one in answered(door.asking(operator()).get("/schools"))["schools"]}
    assert everything == {str(school.id), str(other.id)}


def test_parents_see_what_was_sent_to_them_and_the_administration_all(door: Site, school: School) -> None:
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    answered(door.asking(school.teacher).post("/marks", json=mark), 201)
    door.carry()
    (own,) = answered(door.asking(school.mother).get("/deliveries"))["deliveries"]
    assert (own["kind"], own["recipient_id"]) == ("mark_posted", str(school.mother.person_id))
    everything = answered(door.asking(school.methodologist).get("/deliveries"))["deliveries"]
    assert {one["recipient_id"] for one in everything} == {str(who.person_id) for who in (school.mother, school.father)}
    assert answered(door.asking(school.glebs_mother).get("/deliveries"))["deliveries"] == []
    assert answered(door.asking(School(door.town).director).get("/deliveries"))["deliveries"] == []
    refused(door.asking(school.anna).get("/deliveries"), 403, "role")
    first = door.asking(school.methodologist).get("/deliveries?limit=1")
    assert 'rel="next"' in first.headers["Link"]


def test_a_post_that_only_reads_is_asked_and_not_kept(door: Site, school: School) -> None:
    asking = door.asking(school.teacher, **{"Idempotency-Key": "names-of-a-class"})
    answered(asking.post("/people/names", json={"person_ids": [str(school.anna.person_id)]}))
    method, call = door.bus.calls[-1]
    assert (method, call.idempotency_key) == ("identity.names", None)
