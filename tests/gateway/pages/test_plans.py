"""The pages of thematic plans: begun, edited as rows, submitted, attached, copied; who heads which association."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.errors import Unavailable
from services.gradebook.courses.tables import Course, Subject
from services.gradebook.plans.tables import Plan, PlanCourse
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School

Rows = list[dict[str, str]]
FIELDS = ("id", "section", "topic", "hours", "content", "control", "homework")


def subject_of(door: Site, school: School) -> str:
    return str(door.asking(school.methodologist).get("/associations").json["subjects"][0]["subject_id"])


@pytest.fixture
def head(door: Site, school: School) -> Actor:
    """The head of the association of the school's one subject."""
    person = school.person("plan_head")
    chosen = {"subject_ids": [subject_of(door, school)]}
    assert door.asking(school.methodologist).put(f"/associations/{id_of(person)}", json=chosen).status_code == 200
    return person


def begun(door: Site, school: School, client: FlaskClient, title: str = "Алгебра 7") -> str:
    """The path of a plan that was begun by the form."""
    (year,) = door.asking(school.methodologist).get("/calendar").json["years"]
    form = {"subject_id": subject_of(door, school), "grade": "7", "year_id": year["id"], "title": title}
    made = send(client, "/year/plans", **form)
    assert made.status_code == 303, made.text
    return str(made.headers["Location"])


def rows(*given: dict[str, str]) -> dict[str, list[str]]:
    """Rows as the form sends them: each field as often as there are rows."""
    filled: Rows = [{**dict.fromkeys(FIELDS, ""), "hours": "1", **row} for row in given]
    return {name: [row[name] for row in filled] for name in FIELDS}


def topics_on(page: str) -> list[str]:
    return re.findall(r'<textarea[^>]*name="topic"[^>]*>([^<]*)</textarea>', page)


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def edit(client: FlaskClient, path: str, do: str, *given: dict[str, str], version: str = "1", **more: Any) -> Any:
    return send(client, path, title="Алгебра 7", version=version, do=do, **rows(*given), **more)


def test_a_head_begins_a_plan_fills_its_rows_and_submits_it(door: Site, school: School, head: Actor) -> None:
    client = door.visit(head)
    path = begun(door, school, client)
    shown(client.get(path), "черновик", "Алгебра 7")
    saved = edit(client, path, "save", {"topic": "Степень", "hours": "2", "section": "Степени"}, {"topic": "Одночлен"})
    assert saved.status_code == 303, saved.text
    page = shown(client.get(path), "Сохранено.", "3 ч")
    assert topics_on(page) == ["Степень", "Одночлен"]
    ids = re.findall(r'name="id" value="([^"]+)"', page)
    again = edit(
        client, path, "submit", {"id": ids[1], "topic": "Одночлен"}, {"id": ids[0], "topic": "Степень"}, version="2"
    )
    assert again.status_code == 303, again.text
    page = shown(client.get(path), "План отправлен методисту.", "отправлен")
    assert "<textarea" not in page
    history = shown(client.get(f"{path}/history?version=2"), "отправлен", "Версия 2")
    assert history.index("Степень") < history.index("Одночлен")


def test_rows_are_added_removed_and_moved_by_buttons_and_nothing_typed_is_lost(
    door: Site, school: School, head: Actor
) -> None:
    client = door.visit(head)
    path = begun(door, school, client)
    a, b = {"topic": "А", "section": "I", "homework": "№ 1"}, {"topic": "Б", "hours": "много"}
    for do, expected in (
        ("add:0", ["А", "", "Б"]),
        ("add", ["А", "Б", ""]),
        ("remove:0", ["Б"]),
        ("up:1", ["Б", "А"]),
        ("down:0", ["Б", "А"]),
        ("up:0", ["А", "Б"]),
        ("down:1", ["А", "Б"]),
        ("down:99", ["А", "Б"]),
    ):
        page = shown(edit(client, path, do, a, b, version="7"))
        assert topics_on(page) == expected, do
        assert version_on(page) == "7"
        assert 'value="много"' in page
        assert do == "remove:0" or 'value="I"' in page
    assert topics_on(shown(edit(client, path, "remove:0", a))) == [""]
    assert topics_on(shown(client.get(path))) == [""], "nothing was saved"


def test_a_refused_plan_names_its_rows_and_keeps_what_was_typed(door: Site, school: School, head: Actor) -> None:
    client = door.visit(head)
    path = begun(door, school, client)
    page = shown(
        edit(client, path, "save", {"topic": "Степень"}, {"topic": ""}, {"topic": "Б", "hours": "0,3"}), status=422
    )
    assert "Строка 2" in page
    assert 'href="#row-1"' in page
    assert topics_on(page) == ["Степень", "Б"]
    assert 'value="0,3"' in page
    assert "topics." not in page


def test_of_two_who_edit_a_plan_the_second_sees_both_and_may_save_over_it(
    door: Site, school: School, head: Actor
) -> None:
    client, office = door.visit(head), door.visit(school.methodologist)
    path = begun(door, school, client)
    assert edit(office, path, "save", {"topic": "Методист"}).status_code == 303
    page = shown(edit(client, path, "save", {"topic": "Руководитель"}), "Методист", status=412)
    assert topics_on(page) == ["Руководитель"]
    assert edit(client, path, "save", {"topic": "Руководитель"}, version=version_on(page)).status_code == 303
    assert topics_on(client.get(path).text) == ["Руководитель"]


def submitted(door: Site, school: School, client: FlaskClient) -> str:
    path = begun(door, school, client)
    assert edit(client, path, "submit", {"topic": "Степень"}).status_code == 303
    return path


def test_the_methodologist_attaches_a_plan_to_courses(door: Site, school: School, head: Actor) -> None:
    path = submitted(door, school, door.visit(head))
    office = door.visit(school.methodologist)
    page = shown(office.get(f"{path}/courses"), "Алгебра")
    attached = send(office, f"{path}/courses", course_ids=[str(school.algebra)], version=version_on(page))
    assert attached.status_code == 303, attached.text
    shown(office.get("/year/plans"), "прикреплён к курсам", "Алгебра")
    stale = shown(send(office, f"{path}/courses", course_ids=[], version="1"), status=412)
    assert "checked" not in stale, "what was chosen stays chosen"
    shown(door.visit(school.teacher).get(path), "Степень")


def test_a_submitted_plan_is_returned_with_a_note_and_a_draft_deleted(door: Site, school: School, head: Actor) -> None:
    client, office = door.visit(head), door.visit(school.methodologist)
    path = submitted(door, school, client)
    version = version_on(shown(office.get(f"{path}/courses")))
    back = send(office, f"{path}/courses", f"{path}/return", note="Мало часов", version=version)
    assert back.status_code == 303
    shown(client.get(f"{path}/history"), "Мало часов")
    page = shown(client.get(f"{path}/courses"), "навсегда")
    gone = send(client, f"{path}/courses", f"{path}/delete", version=version_on(page))
    assert gone.status_code == 303
    assert client.get(path).status_code == 404


def test_a_plan_is_copied_by_the_form(door: Site, school: School, head: Actor) -> None:
    client = door.visit(head)
    path = begun(door, school, client)
    (year,) = door.asking(head).get("/calendar").json["years"]
    form = {"plan_id": path.rsplit("/", 1)[1], "year_id": year["id"], "grade": "8"}
    copied = send(client, "/year/plans", "/year/plans/copies", **form)
    assert copied.status_code == 303
    shown(client.get(copied.headers["Location"]), "черновик", "8 класс")
    refused = shown(send(client, "/year/plans", **{**form, "subject_id": "no", "title": "Моё"}), status=422)
    assert "Моё" in refused


def test_the_methodologist_says_who_heads_which_association(door: Site, school: School) -> None:
    person, office = school.person("plan_head"), door.visit(school.methodologist)
    shown(office.get("/year/plans/heads"), "пока ни одного предмета")
    saved = send(
        office, "/year/plans/heads", f"/year/plans/heads/{id_of(person)}", subject_ids=[subject_of(door, school)]
    )
    assert saved.status_code == 303
    assert "checked" in shown(office.get("/year/plans/heads"), "Сохранено.")
    assert door.visit(person).get("/year/plans/heads").status_code == 403


@pytest.mark.parametrize("who", ["teacher", "director"])
def test_other_staff_read_plans_and_have_no_forms(door: Site, school: School, head: Actor, who: str) -> None:
    path = begun(door, school, door.visit(head))
    client = door.visit(getattr(school, who))
    assert "Скопировать" not in shown(client.get("/year/plans"), "Алгебра 7")
    assert 'name="topic"' not in shown(client.get(path), "черновик")
    assert edit(client, path, "save", {"topic": "А"}).status_code == 403


def test_families_see_no_plans(door: Site, school: School) -> None:
    assert door.visit(school.mother).get("/year/plans").status_code == 403


def file_form(door: Site, school: School, content: bytes, name: str = "КТП 7 класс.csv") -> dict[str, Any]:
    (year,) = door.asking(school.methodologist).get("/calendar").json["years"]
    of_what = {"subject_id": subject_of(door, school), "grade": "7", "year_id": year["id"]}
    return {**of_what, "file": (io.BytesIO(content), name)}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields and chosen options of the forms of a page, but for those that protect it."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {name: value for name, value in found.items() if name not in ("csrf_token", "request_key", "account")}


def test_a_file_is_handed_in_its_columns_named_and_taken(door: Site, school: School, head: Actor) -> None:
    client = door.visit(head)
    content = "Что делаем;Сколько;Дома\nДроби;2;№ 1\nДоли;много;№ 2\n".encode("windows-1251")
    handed = send(client, "/year/plans", "/year/plans/file", **file_form(door, school, content))
    assert handed.status_code == 303, handed.text
    page = shown(client.get(handed.headers["Location"]), "Что делаем", "Дроби · Доли", "Плана в файле не нашлось")
    assert "Взять как черновик" not in page
    query = {**hidden(page), "column-A": "topic", "column-B": "hours", "column-C": "homework"}
    page = shown(
        client.get("/year/plans/file", query_string=query), "B3", "Часы «много» не читаются", "Тем: 2, часов: 3"
    )
    assert page.count("Плана в файле не нашлось") == 0
    of_what = {"subject_id": subject_of(door, school), "grade": "7", "year_id": query["year_id"], "title": "Из файла"}
    taken = send(client, handed.headers["Location"], "/year/plans/file/take", **{**hidden(page), **of_what})
    assert taken.status_code == 303, taken.text
    assert topics_on(shown(client.get(taken.headers["Location"]), "План взят из файла", "черновик")) == [
        "Дроби",
        "Доли",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"%PDF-1.7", "файл XLSX, CSV или DOCX"), (b"", "пуст"), (b"MZ\x90", "программа")],
)
def test_a_file_of_another_kind_is_refused_beside_its_field(
    door: Site, school: School, head: Actor, content: bytes, told: str
) -> None:
    client = door.visit(head)
    page = shown(send(client, "/year/plans", "/year/plans/file", **file_form(door, school, content)), told, status=422)
    assert page.index('role="alert"') > page.index("План из файла")


def test_a_file_that_cannot_be_read_tells_why(door: Site, school: School, head: Actor) -> None:
    client = door.visit(head)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    handed = send(client, "/year/plans", "/year/plans/file", **file_form(door, school, old, "план.xls"))
    shown(client.get(handed.headers["Location"]), "Файл не читается")
    gone = client.get("/year/plans/file", query_string={"file": "0" * 64})
    shown(gone, "загрузите его ещё раз", status=422)
    assert client.get("/year/plans/file").headers["Location"] == "/year/plans"


@pytest.fixture
def going(door: Site, school: School, head: Actor) -> dict[str, str]:
    """Algebra goes by a plan of four topics: topic → id."""
    office = door.asking(school.methodologist)
    (year,) = office.get("/calendar").json["years"]
    topics = [{"topic": "Степень", "hours": "2", "homework": "§ 1"}, {"topic": "Одночлен"}, {"topic": "Многочлен"},
              {"topic": "Резерв"}]  # fmt: skip
    command = {"subject_id": subject_of(door, school), "grade": 7, "year_id": year["id"], "topics": topics}
    plan = office.post("/plans", json=command).json
    for path, method, body in (("submit", "post", None), ("courses", "put", {"course_ids": [str(school.algebra)]})):
        etag = {"If-Match": f'"{plan["version"]}"'}
        plan = getattr(office, method)(f"/plans/{plan['id']}/{path}", json=body, headers=etag).json
    return {one["topic"]: one["id"] for one in plan["topics"]}


def day_form(lesson: UUID, **more: Any) -> dict[str, Any]:
    typed = {"topic": "", "homework": more.pop("homework", ""), "homework_due": ""}
    form = {f"{name}-{lesson}": value for name, value in typed.items()}
    return {**form, f"version-{lesson}": "1", "action": f"/day/{TODAY}", **more}


def test_a_lesson_takes_the_next_topic_by_one_button_and_what_else_was_typed_is_saved(
    door: Site, school: School, going: dict[str, str]
) -> None:
    client = door.visit(school.teacher)
    page = shown(client.get("/day"), "Взять из плана: Степень (1 из 2)", "с домашним заданием: § 1")
    button = f"{school.lesson}:{going['Степень']}"
    assert f'value="{button}"' in page
    taken = send(client, "/day", **day_form(school.lesson, take=button, homework="Своё"))
    assert taken.status_code == 303, taken.text
    page = shown(client.get("/day"), "По плану: Степень", ">Степень</textarea>", ">Своё</textarea>")
    tomorrow = client.get(f"/day/{TODAY + timedelta(days=1)}").text
    assert "Степень (2 из 2)" in tomorrow


def test_other_topics_are_chosen_freely_and_the_proposed_homework_is_taken(
    door: Site, school: School, going: dict[str, str]
) -> None:
    client = door.visit(school.teacher)
    lesson = school.lesson
    chosen = {f"topics-{lesson}": [going["Степень"], going["Одночлен"]], f"planned-homework-{lesson}": "yes"}
    assert send(client, "/day", **day_form(lesson, take=f"{lesson}:chosen", **chosen)).status_code == 303
    shown(client.get("/day"), "По плану: Степень. Одночлен", ">Степень. Одночлен</textarea>", ">§ 1</textarea>")


def test_topics_of_another_plan_are_refused_and_what_was_typed_stays(
    door: Site, school: School, going: dict[str, str]
) -> None:
    client = door.visit(school.teacher)
    wrong = day_form(school.lesson, take=f"{school.lesson}:nonsense", homework="Моё")
    shown(send(client, "/day", **wrong), ">Моё</textarea>", status=422)


def test_a_day_is_filled_in_without_plans_where_they_cannot_be_read(
    door: Site, school: School, going: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise Unavailable("away", rule="away")

    monkeypatch.setattr("gateway.pages.teacher.planned.ask", fails)
    assert "Взять из плана" not in shown(door.visit(school.teacher).get("/day"), "Алгебра")


def test_plan_against_fact_and_measures_of_the_teacher(door: Site, school: School, going: dict[str, str]) -> None:
    client = door.visit(school.teacher)
    shown(client.get("/plans/progress"), "Алгебра", "План и факт")
    path = f"/plans/courses/{school.algebra}"
    page = shown(client.get(path), "Курс отстаёт", "не проводить: Резерв")
    form = {f"measure-{going['Резерв']}": "dropped", f"measure-{going['Одночлен']}": "", "version": version_on(page)}
    assert send(client, path, **form).status_code == 303
    shown(client.get(path), "Сохранено.", "не проводится")
    stale = shown(send(client, path, **{**form, f"measure-{going['Одночлен']}": "joined"}), "Кто-то уже", status=412)
    assert stale.count('value="joined" selected') == 1, "what was chosen stays chosen"
    for who, may in ((school.methodologist, True), (school.other_teacher, False)):
        got = door.visit(who).get(path)
        assert got.status_code == (200 if may else 404)
        assert "Сохранить меры" not in got.text
    shown(door.visit(school.director).get("/plans/progress?behind=yes"), "Отстающих курсов нет", "Курсы без плана")


def test_the_head_of_an_association_goes_from_a_courses_plan_to_its_journal_and_term_marks(
    door: Site, school: School, head: Actor, going: dict[str, str]
) -> None:
    """Neither course is the head's own; each goes by the terms of its division."""
    school.go_by_half_years(school.algebra)
    client = door.visit(head)
    page = shown(client.get(f"/plans/courses/{school.algebra}"))
    links = re.findall(rf'href="(/journal/{school.algebra}[^"]*)"', page)
    assert [link.partition("?")[0] for link in links] == [
        f"/journal/{school.algebra}", f"/journal/{school.algebra}/term-marks",
    ]  # fmt: skip
    for link in links:
        assert "полугодие" in shown(client.get(link.replace("&amp;", "&")), "Кузнецов")


def copies(session: Session, row: Any, count: int, **different: Any) -> list[Any]:
    """More rows like this one, each with an id of its own."""
    about = {column.key: getattr(row, column.key) for column in type(row).__table__.columns}
    made = [
        type(row)(**{**about, "id": uuid7(), **{name: of(at) for name, of in different.items()}}) for at in range(count)
    ]
    session.add_all(made)
    session.flush()
    return made


@pytest.fixture
def large(door: Site, school: School, going: dict[str, str]) -> None:
    """Forty more courses of 7B that go by the plan of algebra, and forty across classes."""
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        of_class = [school.class_b] * 40 + [None] * 40
        plan_id = session.scalars(select(PlanCourse.plan_id)).one()
        course = session.get_one(Course, (school.id, school.algebra))
        for one in copies(session, course, 80, title=lambda at: f"Курс {at:02}", class_id=of_class.__getitem__):
            session.add(PlanCourse(school_id=school.id, course_id=one.id, plan_id=plan_id, version=1))


def courses_on(page: str) -> list[str]:
    return re.findall(r'href="/plans/courses/[^"]*">([^<]*)<', page)


def test_the_progress_of_a_large_school_is_shown_by_class(door: Site, school: School, large: None) -> None:
    client = door.visit(school.methodologist)
    page = shown(client.get("/plans/progress"), "7А")
    assert courses_on(page) == ["Алгебра"]
    following = html.unescape(re.findall(r'href="([^"]*)">7Б →', page)[0])
    page = shown(client.get(following), '<h2 class="h5">7Б</h2>', "← 7А", "сборные группы →")
    assert courses_on(page) == [f"Курс {at:02}" for at in range(30)]
    further = html.unescape(re.findall(r'rel="next" href="([^"]*)"', page)[0])
    page = shown(client.get(further), '<h2 class="h5">7Б</h2>')
    assert courses_on(page) == [f"Курс {at:02}" for at in range(30, 40)]
    assert courses_on(shown(client.get("/plans/progress?class=across"), "сборные группы"))[0] == "Курс 40"


def test_the_courses_that_are_behind_stand_in_parts(door: Site, school: School, large: None) -> None:
    client = door.visit(school.methodologist)
    seen: list[str] = []
    for part in (1, 2, 3):
        page = shown(client.get(f"/plans/progress?behind=yes&part={part}"), f"{30 * part - 29}–")
        assert ('rel="next"' in page, 'rel="prev"' in page) == (part < 3, part > 1)
        seen += courses_on(page)
    assert len(seen) == len(set(seen)) >= 80
    assert courses_on(shown(client.get("/plans/progress?behind=yes&part=99"))) == seen[60:]
    assert len(courses_on(shown(client.get(f"/plans/progress?behind=yes&class={school.class_b}")))) == 30


def test_the_plans_of_a_large_school_are_shown_by_grade(door: Site, school: School, going: dict[str, str]) -> None:
    client = door.visit(school.methodologist)
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        plan = session.scalars(select(Plan)).one()
        subjects = [
            one.id for one in copies(session, session.scalars(select(Subject)).one(), 11, name="Предмет {}".format)
        ]
        grades = (5, 6, 8) * 11
        copies(session, plan, 33, grade=grades.__getitem__, subject_id=lambda at: subjects[at // 3])

    def plans_on(address: str) -> int:
        return len(re.findall(r'href="/year/plans/[0-9a-f-]{36}"', shown(client.get(address)).partition("</table>")[0]))

    assert plans_on("/year/plans") == 11
    page = shown(client.get("/year/plans"), "5 класс")
    assert html.unescape(page).count("&grade=") == 11
    assert [plans_on(f"/year/plans?grade={grade}") for grade in (6, 7, 9)] == [11, 1, 0]
    assert plans_on(f"/year/plans?subject={subjects[0]}") == 3


class NewSchool(School):
    """A school without a year."""

    def _add_lessons(self) -> None:
        """There is none yet."""


def test_a_school_without_a_year_is_told_where_one_is_made(door: Site, school: School) -> None:
    office = door.visit(NewSchool(school.town).methodologist)
    assert 'href="/year"' in shown(office.get("/year/plans"), "Учебного года пока нет")
