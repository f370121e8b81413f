"""An import can be undone while nothing stands on it: everything is as before, or nothing has changed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleUndoTold
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.appointments import Appointments
from contracts.identity.bundles import Bundles, ImportUndoCalled
from contracts.identity.consents import Consents
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data.database import UnitOfWork
from kernel.data.outbox import OutboxRow
from kernel.errors import Conflict, Forbidden, NotFound
from services.attendance.checks import tables as checks_tables
from services.attendance.copies import tables as copies_tables
from services.attendance.service import AttendanceService
from services.gradebook.base import Base as GradebookBase
from services.gradebook.bundles import tables as bundles_tables
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.identity.base import Base as IdentityBase
from services.identity.bundles import tables as imports_tables
from services.identity.classes import tables as classes_tables
from services.identity.credentials import tables as credentials_tables
from services.identity.people import tables as people_tables
from tests.identity.conftest import School, sign_in
from tests.identity.small_bundle import Delta, OpenBundle, SmallBundle
from tests.kit import credentials
from tests.kit.calls import ask_directly, call
from tests.kit.jobs import carry_out_due
from tests.kit.outboxes import carry, hand_over, waiting
from tests.kit.people import ZONE, add_operator

TODAY = local_date(now(), ZONE)

#: Tables of what happened, which undoing adds to.
OF_HISTORY = {
    "import_trace", "import_undo", "bundle_import", "imported_school", "bundle_trace", "bundle_undo", "mark_revision",
    "student_copy", "guardian_copy", "class_copy",
}  # fmt: skip


@pytest.fixture
def town(imports, service, databases, tmp_path) -> Iterator[Any]:
    """Identity, the gradebook and attendance; `run` brings every event to all of them."""
    with databases.of("attendance", None, tmp_path) as engine:
        attendance = AttendanceService()
        attendance.unit_of_work = UnitOfWork(engine, consumer="attendance")
        attendance.ask = ask_directly(service, imports.gradebook, asker="attendance")
        imports.gradebook.ask = ask_directly(service, attendance, asker="gradebook")
        imports.attendance = attendance
        yield imports


def settle(town) -> None:
    """Everything that was announced is heard, and every job done."""
    services = [town.identity, town.gradebook, town.attendance]
    while carry(services) or sum(map(carry_out_due, services)):
        pass


def bring(town, actor: Actor, bundle: SmallBundle | Delta) -> str:
    """A whole import, confirmed where it asks."""
    import_id = town.start(actor, bundle.zip())
    settle(town)
    done = town.status(actor, import_id)
    if done["status"] == "asking":
        numbers = {name: done["question"][name] for name in ("people", "classes", "enrolments", "replaced")}
        call(town.identity, Bundles.confirm_import, actor, import_id=import_id, **numbers)
        settle(town)
        done = town.status(actor, import_id)
    assert done["status"] == "done"
    return import_id


def look(town, actor: Actor, import_id: str) -> dict[str, Any]:
    call(town.identity, Bundles.undo_import, actor, import_id=import_id)
    settle(town)
    return town.status(actor, import_id)["undo"]


def confirm(town, actor: Actor, import_id: str) -> dict[str, Any]:
    call(town.identity, Bundles.confirm_undo, actor, import_id=import_id)
    settle(town)
    return town.status(actor, import_id)["undo"]


def rules(undo: dict[str, Any]) -> dict[str, tuple[int, list[str]]]:
    return {one["rule"]: (one["number"], one["names"]) for one in undo["obstacles"]}


def rows(service: Any, base: Any, school_id: UUID) -> dict[str, set[Any]]:
    """Every row of a school, without what only grows: table → rows."""
    found = {}
    with service.unit_of_work.of(school_id) as session:
        for mapper in base.registry.mappers:
            cls = mapper.class_
            if cls.__tablename__ in OF_HISTORY or "school_id" not in cls.__table__.columns:
                continue
            names = [column.name for column in cls.__table__.columns if column.name not in ("revision", "version")]
            found[cls.__tablename__] = {
                tuple((name, str(getattr(row, name))) for name in names)
                for row in session.scalars(select(cls))
            }  # fmt: skip
    return found


def state(town, school: School) -> dict[str, set[Any]]:
    return {
        **rows(town.identity, IdentityBase, school.id),
        **{f"gradebook {name}": found for name, found in rows(town.gradebook, GradebookBase, school.id).items()},
    }


def wrong() -> SmallBundle:
    """A bundle that ends 8Б and Vera's place, moves Boris, renames Anna, and changes a mark and the course."""
    bundle = OpenBundle().drop("classes", "8b").drop("enrollments", "e3", "e2", "e6").drop("users", "vera")
    bundle.row("users", "anna").update(familyName="Иванова", agentSourcedIds="")
    bundle.row("results", "r1")["score"] = "2"
    bundle.drop("results", "r2")
    bundle.row("courses", "alg")["title"] = "Геометрия"
    bundle.row("classes", "alg-8a")["title"] = "Геометрия 8А"
    bundle.user("new", "student", "Новикова Яна").enrol("e20", "8a", "new").enrol("e21", "alg-8a", "new")
    bundle.enrol("e22", "alg-8a", "lead", "teacher")
    bundle.result("r9", "new", "3")
    bundle.add("categories", sourcedId="test", title="Тест", weight="2")
    bundle.add(
        "lineItems", sourcedId="li2", title="Углы", assignDate="2026-09-20", dueDate="2026-09-21",
        classSourcedId="alg-8a", categorySourcedId="test", resultValueMin="1", resultValueMax="5",
    )  # fmt: skip
    return bundle.result("r20", "anna", "4", lineItemSourcedId="li2")


def person(town, school: School, source_id: str) -> people_tables.Person:
    with town.identity.unit_of_work.of(school.id) as session:
        return session.scalars(select(people_tables.Person).where(people_tables.Person.source_id == source_id)).one()


def test_s1_what_a_wrong_bundle_did_is_undone_and_everything_is_as_before(town, school):
    bring(town, school.methodologist, OpenBundle())
    mother, anna = person(town, school, "mother"), person(town, school, "anna")
    consent = {"guardian_id": mother.id, "student_id": anna.id, "purpose": "portal", "granted": True}
    call(town.identity, Consents.record_consent, school.methodologist, **consent)
    settle(town)
    before = state(town, school)
    import_id = bring(town, school.methodologist, wrong())
    assert state(town, school) != before
    asked = look(town, school.methodologist, import_id)
    assert (asked["status"], asked["obstacles"]) == ("asking", [])
    assert {one["kind"]: (one["gone"], one["restored"]) for one in asked["counts"]} == {
        "people": (1, 2), "roles": (1, 0), "guardianships": (0, 1), "consents": (0, 1), "classes": (0, 1),
        "enrolments": (1, 2), "subjects": (0, 1), "courses": (0, 1), "members": (2, 1), "kinds": (1, 0),
        "lessons": (1, 0), "works": (1, 0), "marks": (2, 2),
    }  # fmt: skip
    undone = confirm(town, school.methodologist, import_id)
    assert (undone["status"], undone["by"]) == ("done", str(school.methodologist.person_id))
    after = state(town, school)
    new = person(town, school, "new")
    assert new.left_on == TODAY, "whom the import brought has left: others may name the person"
    for name in after:
        gone = {row for row in after[name] if str(new.id) in str(row)}
        assert after[name] - gone == before[name], name
    assert history(town, school, anna.id) == [("5", "import"), ("2", "import"), ("5", "undo")]


def test_a_year_whose_terms_an_undone_import_had_changed_has_a_new_version(town, school):
    def version() -> int:
        with town.gradebook.unit_of_work.of(school.id) as session:
            return session.scalars(select(calendar_tables.Year)).one().version

    bring(town, school.methodologist, OpenBundle())
    other = OpenBundle()
    term = next(row for row in other.tables["academicSessions"] if row["type"] in ("term", "gradingPeriod"))
    term["title"] = "Первая"
    import_id = bring(town, school.methodologist, other)
    imported = version()
    look(town, school.methodologist, import_id)
    assert confirm(town, school.methodologist, import_id)["status"] == "done"
    assert version() == imported + 1


def history(town, school: School, student_id: UUID) -> list[tuple[str | None, str]]:
    """Every version of a student's marks in the column that stayed."""
    wanted = (
        select(marks_tables.MarkRevision)
        .join(marks_tables.Mark, marks_tables.Mark.id == marks_tables.MarkRevision.mark_id)
        .where(marks_tables.Mark.student_id == student_id)
        .order_by(marks_tables.MarkRevision.version)
    )
    with town.gradebook.unit_of_work.of(school.id) as session:
        return [(row.value, row.reason) for row in session.scalars(wanted)]


def test_the_first_import_of_a_school_is_undone_and_the_right_one_taken(town, school):
    before = state(town, school)
    import_id = bring(town, school.methodologist, OpenBundle())
    assert look(town, school.methodologist, import_id)["status"] == "asking"
    assert confirm(town, school.methodologist, import_id)["status"] == "done"
    after = state(town, school)
    assert {name for name in after if after[name] != before[name]} <= {
        "person", "role", "guardianship", "school_class", "gradebook setting",
    }  # fmt: skip
    present = people_tables.Person.source_id.is_not(None), people_tables.Person.left_on.is_(None)
    assert school.count(people_tables.Person, *present) == 0
    assert school.count(people_tables.Role, people_tables.Role.held, ~people_tables.Role.appointed) == 1
    bring(town, school.methodologist, OpenBundle())
    assert school.count(people_tables.Person, *present) == 7
    assert person(town, school, "anna").class_id is not None
    with town.gradebook.unit_of_work.of(school.id) as session:
        assert sorted(session.scalars(select(marks_tables.Mark.value))) == ["4", "5"]


def test_a_teacher_whom_the_import_took_for_one_entered_by_hand_is_entered_by_hand_again(town, school):
    kim = {"family_name": "Ким", "given_name": "И.", "patronymic": "П."}
    command = {"people": [kim], "role": "teacher"}
    (made,) = call(town.identity, Appointments.make_people, school.methodologist, **command)["people"]
    before = rows(town.identity, IdentityBase, school.id)["person"]
    import_id = bring(
        town, school.methodologist, OpenBundle().user("kim", "teacher", "Ким Инна", middleName="Павловна")
    )
    assert person(town, school, "kim").id == UUID(made["id"])
    look(town, school.methodologist, import_id)
    assert confirm(town, school.methodologist, import_id)["status"] == "done"
    assert before <= rows(town.identity, IdentityBase, school.id)["person"]


def test_a_correction_made_in_the_journal_outlives_an_import_that_was_undone(town, school):
    bring(town, school.methodologist, OpenBundle())
    anna = person(town, school, "anna")
    set_by_hand(town, school, anna.id, "4")
    import_id = bring(town, school.methodologist, wrong())
    look(town, school.methodologist, import_id)
    assert confirm(town, school.methodologist, import_id)["status"] == "done"
    bring(town, school.methodologist, OpenBundle())
    assert history(town, school, anna.id)[-1] == ("4", "undo"), "the bundle says 5, as it did before the correction"


def teacher_of(town, school: School) -> Actor:
    return Actor(school.id, person(town, school, "other").id, uuid7(), uuid7(), frozenset({"teacher"}))


def mark_of(town, school: School, student_id: UUID) -> marks_tables.Mark:
    with town.gradebook.unit_of_work.of(school.id) as session:
        return session.scalars(select(marks_tables.Mark).where(marks_tables.Mark.student_id == student_id)).one()


def set_by_hand(town, school: School, student_id: UUID, value: str) -> None:
    mark = mark_of(town, school, student_id)
    call(
        town.gradebook, Marks.change_mark, teacher_of(town, school), mark_id=mark.id, version=mark.version, value=value,
        comment="", reason="Ошибка",
    )  # fmt: skip
    settle(town)


def issue(town, school: School) -> None:
    credentials.issue(town.identity, school.methodologist, person(town, school, "anna").id)


def consent_of_mother(town, school: School) -> None:
    mother, anna = person(town, school, "mother"), person(town, school, "anna")
    given = {"guardian_id": mother.id, "student_id": anna.id, "purpose": "portal", "granted": True}
    call(town.identity, Consents.record_consent, school.methodologist, **given)


def appoint(town, school: School) -> None:
    lead = person(town, school, "lead")
    call(town.identity, Appointments.appoint, school.director, person_id=lead.id, role="deputy", held=True)


def contact(town, school: School) -> None:
    given = {"person_id": person(town, school, "anna").id, "email": "anna@example.org", "phone": None}
    call(town.identity, People.set_contact, school.methodologist, **given)


def move(town, school: School) -> None:
    boris = person(town, school, "boris")
    with town.identity.unit_of_work.of(school.id) as session:
        into = session.scalars(select(classes_tables.SchoolClass).where(classes_tables.SchoolClass.name == "8Б")).one()
        session.add(classes_tables.Enrolment(id=uuid7(), class_id=into.id, student_id=boris.id, since=TODAY))


def mark(town, school: School) -> None:
    set_by_hand(town, school, person(town, school, "anna").id, "4")


def lesson(town, school: School) -> None:
    with town.gradebook.unit_of_work.of(school.id) as session:
        course_id = session.scalars(select(courses_tables.Course.id)).one()
    call(
        town.gradebook, Lessons.add_lesson, teacher_of(town, school), course_id=course_id,
        date="2026-09-14", number=2,
    )  # fmt: skip


def topic(town, school: School) -> None:
    with town.gradebook.unit_of_work.of(school.id) as session:
        found = session.scalars(select(lessons_tables.Lesson)).one()
    call(
        town.gradebook, Lessons.describe_lesson, teacher_of(town, school), lesson_id=found.id, version=found.version,
        topic="Дроби", homework="",
    )  # fmt: skip


def check(town, school: School) -> None:
    with town.gradebook.unit_of_work.of(school.id) as session:
        found = session.scalars(select(lessons_tables.Lesson)).one()
    class_id = person(town, school, "anna").class_id
    of_lesson = {"school_id": school.id, "lesson_id": found.id}
    copy = {"title": "Алгебра 8А", "date": found.date, "number": None}
    checked = {"class_id": class_id, "version": 1, "checked_at": now(), "checked_by": None}
    with town.attendance.unit_of_work.of(school.id) as session:
        session.execute(insert(copies_tables.LessonCopy), [{**of_lesson, **copy}])
        session.execute(insert(checks_tables.LessonCheck), [{**of_lesson, **checked}])


def day_off(town, school: School) -> None:
    with town.gradebook.unit_of_work.of(school.id) as session:
        year = session.scalars(select(calendar_tables.Year)).one()
    closed = {"kind": "closed", "name": "Карантин", "first": year.starts_on, "last": year.starts_on}
    given = {"year_id": year.id, "version": year.version, "days_off": [closed]}
    call(town.gradebook, Calendar.change_days, school.methodologist, **given)


def other_import(town, school: School) -> None:
    bundle = OpenBundle()
    bundle.row("users", "boris")["familyName"] = "Соколов"
    bring(town, school.methodologist, bundle)


#: What somebody does after an import, and what stands in the way of undoing it then: rule → number, names.
IN_THE_WAY: dict[str, tuple[Callable[..., None], dict[str, tuple[int, list[str]]]]] = {
    "a login was given out": (issue, {"credentials": (1, ["Смирнова Анна"])}),
    "a consent was recorded": (consent_of_mother, {"consents": (1, ["Смирнова Анна"])}),
    "somebody was appointed": (appoint, {"appointments": (1, ["Волков Тимур"])}),
    "a contact was entered": (contact, {"changed": (1, ["Смирнова Анна"])}),
    "a student was put into another class": (move, {"enrolled": (1, ["Кузнецов Борис"])}),
    "a mark was corrected": (mark, {"marks": (1, ["Алгебра 8А, 2026-09-11"])}),
    "a lesson was given": (lesson, {"lessons": (1, ["Алгебра 8А, 2026-09-14"])}),
    "a lesson was described": (topic, {"lessons": (1, ["Алгебра 8А, 2026-09-11"])}),
    "a lesson was checked": (check, {"checks": (1, ["Алгебра 8А, 2026-09-11"])}),
    "a day off was entered": (day_off, {"journal": (2, ["2026/2027"])}),
    "another import changed the same": (other_import, {"later-import": (1, ["bundle.zip"])}),
}  # fmt: skip


@pytest.mark.parametrize("what", IN_THE_WAY)
def test_it_stands_in_the_way_that(town, school, what):
    happens, expected = IN_THE_WAY[what]
    import_id = bring(town, school.methodologist, OpenBundle())
    happens(town, school)
    settle(town)
    before = state(town, school)
    refused = look(town, school.methodologist, import_id)
    assert (refused["status"], rules(refused)) == ("refused", expected)
    with pytest.raises(Conflict) as unasked:
        confirm(town, school.methodologist, import_id)
    assert unasked.value.rule == "nothing-to-confirm"
    assert state(town, school) == before


def test_undone_in_turn_a_later_import_makes_room_for_an_earlier_one(town, school):
    first = bring(town, school.methodologist, OpenBundle())
    second = bring(town, school.methodologist, wrong())
    refused = look(town, school.methodologist, first)
    assert set(rules(refused)) == {"later-import"}
    for import_id in (second, first):
        asked = look(town, school.methodologist, import_id)
        assert (asked["status"], asked["obstacles"]) == ("asking", [])
        assert confirm(town, school.methodologist, import_id)["status"] == "done"
    with pytest.raises(Conflict) as again:
        look(town, school.methodologist, first)
    assert again.value.rule == "undone-already"


@pytest.mark.parametrize("happens", [mark, issue])
def test_what_comes_in_the_way_after_the_question_leaves_everything_as_it_was(town, school, happens):
    import_id = bring(town, school.methodologist, OpenBundle())
    assert look(town, school.methodologist, import_id)["status"] == "asking"
    happens(town, school)
    before = state(town, school)
    refused = confirm(town, school.methodologist, import_id)
    assert refused["status"] == "refused"
    assert state(town, school) == before


def test_what_comes_in_identitys_way_after_the_gradebook_undid_its_part_puts_that_back(town, school):
    bring(town, school.methodologist, OpenBundle())
    import_id = bring(town, school.methodologist, wrong())
    assert look(town, school.methodologist, import_id)["status"] == "asking"
    before = state(town, school)
    call(town.identity, Bundles.confirm_undo, school.methodologist, import_id=import_id)
    carry_out_due(town.identity)
    only(town, town.identity, ImportUndoCalled, town.gradebook)
    carry_out_due(town.gradebook)
    assert {name for name, found in state(town, school).items() if found != before[name]} >= {"gradebook mark"}
    new = person(town, school, "new")
    credentials.issue(town.identity, school.methodologist, new.id)
    before = before | rows(town.identity, IdentityBase, school.id)
    only(town, town.gradebook, BundleUndoTold, town.identity)
    settle(town)
    refused = town.status(school.methodologist, import_id)["undo"]
    assert (refused["status"], set(rules(refused))) == ("refused", {"credentials"})
    assert state(town, school) == before
    assert history(town, school, person(town, school, "anna").id)[-2:] == [("5", "undo"), ("2", "import")]
    with town.identity.unit_of_work.of(school.id) as session:  # whoever takes the login back may undo it
        session.get_one(people_tables.Person, (school.id, new.id)).account_id = None
        session.execute(delete(credentials_tables.CredentialIssue))
    assert look(town, school.methodologist, import_id)["status"] == "asking"
    assert confirm(town, school.methodologist, import_id)["status"] == "done"


def only(town, owner: Any, kind: type[Any], to: Any) -> None:
    """Bring the events of one kind alone."""
    for row in waiting(owner, kind.NAME):
        hand_over(owner, row, [to])


def test_a_bundle_is_not_written_while_an_import_of_its_school_is_being_undone(town, school):
    import_id = bring(town, school.methodologist, OpenBundle())
    look(town, school.methodologist, import_id)
    call(town.identity, Bundles.confirm_undo, school.methodologist, import_id=import_id)
    second = town.start(school.methodologist, wrong().zip())
    carry_out_due(town.identity)
    rejected = town.status(school.methodologist, second)
    assert [fault["rule"] for fault in rejected["faults"]] == ["being-undone"]
    settle(town)
    assert town.status(school.methodologist, import_id)["undo"]["status"] == "done"


def test_an_import_that_wrote_nothing_or_long_ago_is_not_undone(town, service, school):
    tried = town.start(school.methodologist, OpenBundle().zip(), dry_run=True)
    settle(town)
    with pytest.raises(Conflict) as nothing:
        look(town, school.methodologist, tried)
    assert nothing.value.rule == "nothing-to-undo"
    import_id = bring(town, school.methodologist, OpenBundle())
    assert town.status(school.methodologist, import_id)["undo_until"] is not None
    with service.unit_of_work.everywhere() as session:
        session.execute(update(imports_tables.BundleImport).values(undo_until=now() - timedelta(minutes=1)))
    with pytest.raises(Conflict) as late:
        look(town, school.methodologist, import_id)
    assert late.value.rule == "too-late-to-undo"


def test_what_is_confirmed_too_late_is_refused_and_not_called_undone(town, service, school):
    import_id = bring(town, school.methodologist, OpenBundle())
    before = state(town, school)
    assert look(town, school.methodologist, import_id)["status"] == "asking"
    with service.unit_of_work.everywhere() as session:
        session.execute(update(imports_tables.BundleImport).values(undo_until=now() - timedelta(minutes=1)))
    with pytest.raises(Conflict) as late:
        confirm(town, school.methodologist, import_id)
    assert late.value.rule == "too-late-to-undo"
    settle(town)
    assert state(town, school) == before


def test_what_is_confirmed_days_after_the_question_is_not_given_up_while_it_is_undone(town, service, school):
    import_id = bring(town, school.methodologist, OpenBundle())
    look(town, school.methodologist, import_id)
    with service.unit_of_work.everywhere() as session:
        session.execute(update(imports_tables.ImportUndo).values(asked_at=now() - timedelta(days=2)))
    call(town.identity, Bundles.confirm_undo, school.methodologist, import_id=import_id)
    service.give_up_old_imports()
    settle(town)
    assert town.status(school.methodologist, import_id)["undo"]["status"] == "done"


def test_traces_are_kept_while_an_import_can_be_undone_and_not_longer(town, school):
    bring(town, school.methodologist, OpenBundle())
    tables = (town.identity, imports_tables.ImportTrace), (town.gradebook, bundles_tables.BundleTrace)

    def kept(days: int) -> list[bool]:
        left = []
        for service, table in tables:
            with service.unit_of_work.everywhere() as session:
                session.execute(update(table).values(at=now() - timedelta(days=days)))
            service.give_up_old_imports() if service is town.identity else service.forget_old_bundles()
            with service.unit_of_work.everywhere() as session:
                left.append(bool(session.scalars(select(table)).all()))
        return left

    assert kept(30) == [True, True]
    assert kept(61) == [False, False]


def test_what_the_gradebook_does_not_answer_for_a_day_is_given_up(town, service, school):
    import_id = bring(town, school.methodologist, OpenBundle())
    before = state(town, school)
    look(town, school.methodologist, import_id)
    call(town.identity, Bundles.confirm_undo, school.methodologist, import_id=import_id)
    carry_out_due(town.identity)
    with service.unit_of_work.everywhere() as session:
        session.execute(update(imports_tables.ImportUndo).values(asked_at=now() - timedelta(days=2)))
    service.give_up_old_imports()
    assert town.status(school.methodologist, import_id)["undo"]["status"] == "failed"
    settle(town)
    assert state(town, school) == before
    assert look(town, school.methodologist, import_id)["status"] == "asking"


def test_an_operator_undoes_an_import_of_several_schools_and_reads_no_names(town, service):
    someone = add_operator(service)
    bundle = OpenBundle().add("orgs", sourcedId="org-2", name="Вторая", type="school")
    bundle.user("zoya", "student", "Яковлева Зоя", orgSourcedIds="org-2", grades="05")
    import_id = bring(town, someone, bundle)
    school_ids = {one["id"] for one in town.status(someone, import_id)["schools"]}
    with service.unit_of_work.everywhere() as session:
        zoya = session.scalars(select(people_tables.Person).where(people_tables.Person.source_id == "zoya")).one()
        zoya.email = "zoya@example.org"
    refused = look(town, someone, import_id)
    print(refused)
    assert rules(refused) == {"changed": (1, [])}
    with service.unit_of_work.everywhere() as session:
        session.get_one(people_tables.Person, (zoya.school_id, zoya.id)).email = None
    assert look(town, someone, import_id)["status"] == "asking"
    undone = confirm(town, someone, import_id)
    assert (undone["status"], undone["by"]) == ("done", None)
    with service.unit_of_work.everywhere() as session:
        left = session.scalars(select(people_tables.Person).where(people_tables.Person.left_on.is_(None))).all()
        assert not [one for one in left if str(one.school_id) in school_ids]


def test_an_import_is_undone_by_its_school_and_by_operators_only(town, school, another_school):
    import_id = bring(town, school.methodologist, OpenBundle())
    for method in (Bundles.undo_import, Bundles.confirm_undo):
        with pytest.raises(NotFound):
            call(town.identity, method, another_school.methodologist, import_id=import_id)
        for someone in (school.director, school.teacher):
            with pytest.raises(Forbidden):
                call(town.identity, method, someone, import_id=import_id)


def test_who_was_given_a_role_by_an_import_that_is_undone_is_signed_out(town, school):
    bring(town, school.methodologist, OpenBundle())
    boris = person(town, school, "boris")
    (issued,) = credentials.issue(town.identity, school.methodologist, boris.id)
    bundle = OpenBundle().drop("enrollments", "e2", "e6").drop("results", "r2")
    bundle.row("users", "boris")["role"] = "teacher"
    import_id = bring(town, school.methodologist, bundle)
    sign_in(town.identity, issued["login"], issued["password"])
    look(town, school.methodologist, import_id)
    assert confirm(town, school.methodologist, import_id)["status"] == "done"
    revoked = [row for row in all_events(town.identity) if row.event == "session_revoked"]
    assert len(revoked) == 1


def all_events(service: Any) -> list[Any]:
    with service.unit_of_work.everywhere() as session:
        return list(session.scalars(select(OutboxRow)))


def test_an_undone_delta_is_passed_over_when_the_next_one_is_completed(town, school):
    bring(town, school.methodologist, OpenBundle())
    before = state(town, school)
    gone = Delta().put("users", dict(OpenBundle().row("users", "anna")), familyName="Соколова").delete("users", "boris")
    import_id = bring(town, school.methodologist, gone)
    assert state(town, school) != before
    assert look(town, school.methodologist, import_id)["status"] == "asking"
    assert confirm(town, school.methodologist, import_id)["status"] == "done"
    assert state(town, school) == before
    place = dict(OpenBundle().row("enrollments", "e2"))
    bring(town, school.methodologist, Delta().put("enrollments", place, beginDate="2026-09-02"))
    assert person(town, school, "boris").left_on is None, "he is known to the next delta"
    assert person(town, school, "anna").family_name == "Смирнова"


def test_the_list_of_imports_says_which_was_undone_by_whom_and_when(town, school):
    import_id = bring(town, school.methodologist, OpenBundle())
    look(town, school.methodologist, import_id)
    confirm(town, school.methodologist, import_id)
    (listed,) = call(town.identity, Bundles.imports, school.methodologist)["imports"]
    assert listed["undone_by"] == str(school.methodologist.person_id)
    assert listed["undone_at"] is not None
