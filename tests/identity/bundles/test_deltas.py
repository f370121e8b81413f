"""A delta changes what it names, ends what is to be deleted, and leaves everything else as it is."""

import os
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from contracts.identity.appointments import Appointments
from contracts.identity.bundles import Bundles
from contracts.identity.people import People
from kernel.clock import local_date, now
from kernel.files.store import Place
from services.gradebook.courses import tables as courses_tables
from services.gradebook.marks import tables as marks_tables
from services.identity.bundles import tables as bundles_tables
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from tests.identity.bundles.looking import changes, classes_of, person, roles
from tests.identity.conftest import School
from tests.identity.small_bundle import Delta, SmallBundle
from tests.kit.calls import call
from tests.kit.files import handed_in
from tests.kit.people import ZONE, add_operator

TODAY = local_date(now(), ZONE)
YESTERDAY = TODAY - timedelta(days=1)


def known(file: str, source_id: str) -> dict[str, str]:
    """A row as the whole bundle has it."""
    return dict(SmallBundle().row(file, source_id))


@pytest.fixture
def imported(imports, service) -> School:
    """A school after its whole bundle."""
    school = School(service)
    assert imports.run(school.methodologist, SmallBundle().zip())["status"] == "done"
    return school


def taken(imports, school: School, delta: Delta) -> dict[str, tuple[int, int, int]]:
    """What a delta did, by kind: created, changed, removed."""
    done = imports.run(school.methodologist, delta.zip())
    assert (done["status"], done["faults"]) == ("done", [])
    return changes(done)


def marks(imports, school: School) -> dict[Any, str | None]:
    with imports.gradebook.unit_of_work.of(school.id) as session:
        return {row.student_id: row.value for row in session.scalars(select(marks_tables.Mark))}


def teachers(imports, school: School) -> list[Any]:
    with imports.gradebook.unit_of_work.of(school.id) as session:
        return list(session.scalars(select(courses_tables.CourseTeacher.teacher_id)))


def test_a_changed_row_is_all_that_changes(imports, imported):
    delta = Delta().put("users", known("users", "boris"), familyName="Соколов")
    assert taken(imports, imported, delta) == {"people": (0, 1, 0)}
    assert person(imported, "boris").search_name == "соколов борис"
    assert person(imported, "anna").left_on is None
    assert len(marks(imports, imported)) == 2


def test_a_student_who_comes_is_enrolled_and_marked(imports, imported):
    delta = Delta().put("users", known("users", "boris"), sourcedId="new", familyName="Новикова", givenName="Яна")
    for number, klass in enumerate(("8a", "alg-8a")):
        delta.put(
            "enrollments", known("enrollments", "e2"), sourcedId=f"n{number}", classSourcedId=klass, userSourcedId="new"
        )
    delta.put("results", known("results", "r2"), sourcedId="n9", studentSourcedId="new", score="3")
    assert taken(imports, imported, delta) == {
        "people": (1, 0, 0), "roles": (1, 0, 0), "enrolments": (1, 0, 0), "members": (1, 0, 0), "marks": (1, 0, 0),
    }  # fmt: skip
    assert classes_of(imported, "new") == [("8А", TODAY, None)]
    assert marks(imports, imported)[person(imported, "new").id] == "3"


def test_rows_to_be_deleted_end_and_what_referred_to_them_ends_with_them(imports, imported):
    assert taken(imports, imported, Delta().delete("users", "boris")) == {
        "people": (0, 0, 1), "enrolments": (0, 0, 1), "members": (0, 0, 1), "marks": (0, 0, 1),
    }  # fmt: skip
    assert person(imported, "boris").left_on == TODAY
    assert classes_of(imported, "boris") == [("8А", date(2026, 9, 1), YESTERDAY)]
    assert marks(imports, imported)[person(imported, "boris").id] is None
    assert taken(imports, imported, Delta().put("users", known("users", "anna"), middleName="Львовна")) == {
        "people": (0, 1, 0)
    }, "the next delta knows of the first"
    assert person(imported, "boris").left_on == TODAY


def test_the_last_result_and_the_last_members_of_a_course_end_too(imports, imported):
    assert taken(imports, imported, Delta().delete("results", "r1", "r2")) == {"marks": (0, 0, 2)}
    assert set(marks(imports, imported).values()) == {None}
    assert taken(imports, imported, Delta().delete("enrollments", "e5", "e6")) == {
        "courses": (0, 1, 0), "members": (0, 2, 0),
    }, "a course of nobody is of no class"  # fmt: skip
    with imports.gradebook.unit_of_work.of(imported.id) as session:
        assert set(session.scalars(select(courses_tables.CourseMember.until))) == {YESTERDAY}


def test_a_class_that_gets_another_teacher_is_derived_from_both_bundles(imports, imported):
    delta = Delta().put("enrollments", known("enrollments", "e4"), userSourcedId="other")
    delta.put("enrollments", known("enrollments", "e7"), userSourcedId="lead")
    assert taken(imports, imported, delta) == {"classes": (0, 1, 0), "members": (1, 0, 1)}
    led = imported.row(classes_tables.SchoolClass, person(imported, "anna").class_id)
    assert led.homeroom_teacher_id == person(imported, "other").id
    assert teachers(imports, imported) == [person(imported, "lead").id]


def test_what_people_did_since_stays_where_the_delta_does_not_name_it(imports, imported):
    anna, lead = person(imported, "anna"), person(imported, "lead")
    call(
        imported.service, People.set_contact, imported.methodologist, person_id=person(imported, "mother").id,
        email="new@example.org", phone=None,
    )  # fmt: skip
    call(imported.service, Appointments.appoint, imported.director, person_id=lead.id, role="deputy", held=True)
    assert taken(imports, imported, Delta().put("users", known("users", "boris"), familyName="Соколов")) == {
        "people": (0, 1, 0)
    }
    assert person(imported, "mother").email == "new@example.org"
    assert roles(imported, "lead") == {"teacher", "deputy"}
    assert person(imported, "anna").class_id == anna.class_id
    assert taken(imports, imported, Delta().put("users", known("users", "mother"))) == {"people": (0, 1, 0)}
    assert person(imported, "mother").email == "mother@example.org", "a row that is named is as the bundle says"


def test_bulk_and_delta_and_absent_files_are_mixed(imports, imported):
    delta = Delta().put("users", known("users", "boris"), familyName="Соколов")
    delta.tables["enrollments"] = [known("enrollments", one) for one in ("e1", "e3", "e4", "e5", "e6", "e7")]
    delta.manifest["file.enrollments"] = "bulk"
    assert taken(imports, imported, delta) == {
        "people": (0, 1, 0), "enrolments": (0, 0, 1), "courses": (0, 1, 0),
    }  # fmt: skip
    assert classes_of(imported, "boris") == [("8А", date(2026, 9, 1), YESTERDAY)]


def test_a_delta_that_refers_to_nothing_is_refused_and_a_result_costs_its_row(imports, imported):
    lost = Delta().put("enrollments", known("enrollments", "e2"), sourcedId="n1", userSourcedId="nobody")
    refused = imports.run(imported.methodologist, lost.zip())
    assert (refused["status"], [(f["file"], f["line"], f["rule"]) for f in refused["faults"]]) == (
        "rejected", [("enrollments.csv", 2, "dangling-reference")],
    )  # fmt: skip
    odd = Delta().put("results", known("results", "r2"), sourcedId="n1", studentSourcedId="nobody")
    odd.put("results", known("results", "r2"), score="3")
    done = imports.run(imported.methodologist, odd.zip())
    assert [(f["file"], f["line"], f["rule"], f["left_out"]) for f in done["faults"]] == [
        ("results.csv", 2, "dangling-reference", True)
    ]
    assert marks(imports, imported)[person(imported, "boris").id] == "3"


def test_s1_a_delta_that_would_end_much_waits_for_a_confirmation(imports, imported):
    asked = imports.run(imported.methodologist, Delta().delete("users", "boris", "vera").zip())
    assert (asked["status"], asked["question"]["people"], asked["question"]["enrolments"]) == ("asking", 2, 2)
    assert person(imported, "boris").left_on is None
    numbers = {name: asked["question"][name] for name in ("people", "classes", "enrolments", "replaced")}
    call(imported.service, Bundles.confirm_import, imported.methodologist, import_id=asked["id"], **numbers)
    imports.check()
    imports.hand_over()
    imports.grade()
    assert imports.status(imported.methodologist, asked["id"])["status"] == "done"
    assert person(imported, "boris").left_on == TODAY


def test_without_a_whole_bundle_before_it_a_delta_is_refused(imports, service, school):
    refused = imports.run(school.methodologist, Delta().put("users", known("users", "boris")).zip())
    assert (refused["status"], [fault["rule"] for fault in refused["faults"]]) == ("rejected", ["no-whole-bundle"])


def test_the_bundles_that_a_delta_completes_are_kept(imports, service, imported):
    path = Place("identity", imported.id).key(handed_in(service.files, imported.id, SmallBundle().zip())).path
    long_ago = (now() - timedelta(days=60)).timestamp()
    os.utime(service.files.folder / path, (long_ago, long_ago))
    with service.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(undo_until=now() - timedelta(days=30)))
    service.delete_unneeded_bundles()
    assert taken(imports, imported, Delta().put("users", known("users", "boris"), familyName="Соколов")) == {
        "people": (0, 1, 0)
    }


def test_a_row_of_an_earlier_moment_than_the_known_one_costs_itself(imports, imported):
    boris = known("users", "boris")
    taken(imports, imported, Delta().put("users", boris, familyName="Соколов", dateLastModified="2026-11-02T08:00:00Z"))
    late = imports.run(imported.methodologist, Delta().put("users", boris, familyName="Старый").zip())
    assert [(f["line"], f["rule"]) for f in late["faults"]] == [(2, "older-than-known")]
    assert person(imported, "boris").family_name == "Соколов"


def test_a_row_that_nobody_knows_is_deleted_with_a_remark(imports, imported):
    done = imports.run(imported.methodologist, Delta().delete("users", "ghost").zip())
    assert (done["status"], changes(done), [one["rule"] for one in done["remarks"]]) == (
        "done",
        {},
        ["deleted-unknown"],
    )


def test_the_same_delta_again_changes_nothing(imports, imported):
    delta = Delta().put("users", known("users", "boris"), familyName="Соколов").delete("enrollments", "e6")
    taken(imports, imported, delta)
    assert taken(imports, imported, delta) == {}


def test_an_operators_delta_changes_the_school_that_it_names(imports, service):
    someone = add_operator(service)
    bundle = SmallBundle().add("orgs", sourcedId="org-2", name="Вторая", type="school")
    bundle.user("zoya", "student", "Яковлева Зоя", orgSourcedIds="org-2", grades="05")
    assert imports.run(someone, bundle.zip())["status"] == "done"
    done = imports.run(someone, Delta().put("users", dict(bundle.row("users", "zoya")), familyName="Новая").zip())
    assert (done["status"], changes(done)) == ("done", {"people": (0, 1, 0)})
    with service.unit_of_work.everywhere() as session:
        names = session.scalars(
            select(people_tables.Person.family_name).where(people_tables.Person.source_id == "zoya")
        )
        assert list(names) == ["Новая"]


def test_a_methodologists_delta_changes_no_other_school(imports, service):
    bundle = SmallBundle().add("orgs", sourcedId="org-2", name="Вторая", type="school")
    bundle.user("zoya", "student", "Яковлева Зоя", orgSourcedIds="org-2", grades="05")
    school = School(service, "Школа", source_id="org-1")
    assert imports.run(add_operator(service), bundle.zip())["status"] == "done"
    theirs = Delta().put("users", dict(bundle.row("users", "zoya")), familyName="Новая")
    refused = imports.run(school.methodologist, theirs.zip())
    assert [fault["rule"] for fault in refused["faults"]] == ["other-school"]
    assert taken(imports, school, Delta().put("users", known("users", "boris"), familyName="Соколов")) == {
        "people": (0, 1, 0)
    }


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda delta: delta.tables["users"][0].update(status=""), ("users.csv", 2, "status", "empty")),
        (lambda delta: delta.tables["users"][0].update(status="gone"), ("users.csv", 2, "status", "unknown-value")),
        (lambda delta: delta.tables["users"][0].update(sourcedId=""), ("users.csv", 2, "sourcedId", "empty")),
        (
            lambda delta: delta.tables["users"].append(delta.tables["users"][0]),
            ("users.csv", 3, "sourcedId", "duplicate-id"),
        ),
    ],
)
def test_a_bad_delta_is_refused_with_its_place(imports, imported, spoil, expected):
    delta = Delta().put("users", known("users", "boris"))
    spoil(delta)
    refused = imports.run(imported.methodologist, delta.zip())
    assert refused["status"] == "rejected"
    assert [(f["file"], f["line"], f["field"], f["rule"]) for f in refused["faults"]] == [expected]
