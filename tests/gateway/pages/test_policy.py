"""The pages of the school's policy: its rules in words, the draft's forms, what it would change, its adoption."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

DRAFT = "/year/policy/draft"
DECISION = "протокол № 1 от 28.08.2026"
#: Rules with every kind of input.
ONE_OF_EACH = (
    "kinds", "scales.scale", "scales.sign", "scales.marked", "means.groups", "means.excused", "terms.thresholds",
    "terms.vetoes", "keeping.week", "keeping.mark_days", "figures.degree",
)  # fmt: skip
HALF_UP = ["4,5", "3,5", "2,5", "1,5", "0"]


def draft(client: FlaskClient) -> None:
    sent = send(client, "/year/policy", DRAFT)
    assert (sent.status_code, sent.headers["Location"]) == (303, DRAFT)


def thresholds(best: str) -> dict[str, str]:
    rows = {f"value.{row}.mark": str(5 - row) for row in range(5)}
    return {**rows, **{f"value.{row}.least": least for row, least in enumerate([best, *HALF_UP[1:]])}}


def change(client: FlaskClient, path: str, version: int, **form: Any) -> Any:
    return send(client, "/year/subjects", f"{DRAFT}/rules/{path}", version=version, **form)  # a page that costs little


@pytest.fixture
def office(door: Site, school: School) -> FlaskClient:
    client = door.visit(school.methodologist)
    draft(client)
    return client


def test_the_staff_reads_the_policy_in_words(door: Site, school: School) -> None:
    page = shown(
        door.visit(school.teacher).get("/year/policy"), "Правила оценивания", "Правила по умолчанию", "действует",
        "Срок выставления отметки, учебных дней", "за работы: «Контрольная работа»",
        "регламент электронного журнала, п. 3.2",
    )  # fmt: skip
    assert "Начать проект" not in page
    assert door.visit(school.mother).get("/year/policy").status_code == 403


def test_a_version_goes_from_the_draft_to_its_adoption_on_the_pages(
    door: Site, school: School, office: FlaskClient
) -> None:
    shown(office.get(DRAFT), "Проект версии 1", "Пока ничего", "Порог", "Удалить проект…")
    sent = change(office, "terms.thresholds", 1, **thresholds("4,65"))
    assert sent.status_code == 303, sent.text
    assert sent.headers["Location"].endswith("#rule-terms.thresholds")
    sent = change(office, "keeping.mark_days", 2, **{
        "value": "1", "special.0.grades": "5–7", "special.0.subjects": "", "special.0.kinds": ["control"],
        "special.0.value": "9", "special.1.grades": "", "special.1.value": "1",
    })  # fmt: skip
    assert sent.status_code == 303, sent.text
    send(office, DRAFT, f"{DRAFT}/note", version=3, note="Пороги прошлого года")
    page = shown(
        office.get(DRAFT), "Порог отметки «5» за период: было 4,5; стало 4,65", "не по умолчанию",
        "в 5, 6, 7 классах, за работы: «Контрольная работа»: <strong>9</strong>", "Пороги прошлого года",
    )  # fmt: skip
    assert 'value="4,65"' in page
    director = door.visit(school.director)
    shown(director.get(DRAFT), "Проект версии 1", "Что изменится")
    preview = shown(director.get(f"{DRAFT}/preview"), "Что изменит версия 1", "стало 4,65", "Утвердить версию 1")
    assert "Утвердить" not in office.get(f"{DRAFT}/preview").text
    assert f'value="{TODAY}"' in preview
    adoption = {"valid_from": TODAY.isoformat(), "decision": DECISION}
    stale = send(director, f"{DRAFT}/preview", f"{DRAFT}/adoption", version=3, **adoption)
    shown(stale, "Проект правил за это время изменил кто-то другой", DECISION, status=412)
    sent = send(director, f"{DRAFT}/preview", f"{DRAFT}/adoption", version=4, **adoption)
    assert sent.status_code == 303, sent.text
    page = shown(
        office.get("/year/policy"), "Версия 1", DECISION, "действует", "Что изменилось (", "Пороги прошлого года",
        "Начать проект",
    )  # fmt: skip
    assert page.index("Версия 1") < page.index("Правила по умолчанию")
    shown(office.get("/year/policy?date=2020-09-01"), "Правила по умолчанию: действует 01.09.2020")
    assert office.get(DRAFT).headers["Location"] == "/year/policy", "there is no draft any more"
    assert office.get(f"{DRAFT}/preview").headers["Location"] == "/year/policy"


def test_a_refused_form_comes_back_as_it_was_typed(office: FlaskClient) -> None:
    typed = {**thresholds("4,65"), "value.1.least": "около 3,5", "value.5.mark": "0", "value.5.least": ""}
    page = shown(change(office, "terms.thresholds", 1, **typed), "напишите число, например 4,65, а не «около 3,5»",
                 status=422)  # fmt: skip
    assert 'value="около 3,5"' in page
    assert 'value="4,65"' in page
    special = {"value": "0", "special.0.grades": "5", "special.0.subjects": "Алхимия", "special.0.value": "2"}
    page = shown(change(office, "keeping.topic_days", 1, **special), "В школе нет предмета «Алхимия»", status=422)
    assert 'value="Алхимия"' in page
    page = shown(change(office, "keeping.topic_days", 1, value="скоро"), "Напишите целое число, а не «скоро».",
                 status=422)  # fmt: skip
    assert 'value="скоро"' in page


def test_what_was_changed_first_is_shown_and_what_was_typed_kept(office: FlaskClient) -> None:
    assert change(office, "keeping.topic_days", 1, value="2").status_code == 303
    page = shown(change(office, "keeping.topic_days", 1, value="7"),
                 "Проект правил за это время изменил кто-то другой", status=412)  # fmt: skip
    assert 'aria-label="Срок записи темы урока, учебных дней" value="7"' in page
    assert page.count('name="version" value="2"') > 10


def test_every_rule_is_saved_as_it_is_shown(office: FlaskClient) -> None:
    """A form sent as it was shown changes nothing."""
    groups = {"value.0.code": "письменные", "value.0.kinds": ["test", "essay"], "value.0.weight": "2,5",
              "value.0.drop_lowest": "1", "value.0.drop_highest": "0"}  # fmt: skip
    vetoes = {"value.0.highest": "4", "value.0.low": "2", "value.0.kinds": "control",
              "special.0.subjects": "предмет", "special.0.value.0.highest": "3",
              "special.0.value.0.low": "2", "special.0.value.0.kinds": "test"}  # fmt: skip
    assert change(office, "means.groups", 1, **groups).status_code == 303
    changed = change(office, "terms.vetoes", 2, **vetoes)
    assert changed.status_code == 303, changed.text
    before = office.get(DRAFT).text
    assert "по предмету «Предмет»: <strong>не выше «3»" in before
    forms = forms_of(before)
    assert len(forms) == 41
    for rule in ONE_OF_EACH:
        sent = office.post(f"{DRAFT}/rules/{rule}", data=forms[f"{DRAFT}/rules/{rule}"])
        assert sent.status_code == 303, (rule, sent.text)
    assert 'name="version" value="3"' in office.get(DRAFT).text


def test_what_cannot_be_adopted_is_listed_with_its_rule(door: Site, school: School, office: FlaskClient) -> None:
    rows = thresholds("4,65")
    change(office, "terms.thresholds", 1, **{name: value for name, value in rows.items() if ".4." not in name})
    shown(office.get(DRAFT), "В таком виде утвердить нельзя:",
          '<a href="#rule-terms.thresholds">Пороги отметок за период</a>: Последний порог должен быть 0')  # fmt: skip
    director = door.visit(school.director)
    reason = f'<a href="{DRAFT}#rule-terms.thresholds">Пороги отметок за период</a>: Последний порог должен быть 0'
    preview = shown(director.get(f"{DRAFT}/preview"), "В таком виде утвердить нельзя:", reason,
                    "Утвердить проект можно будет, когда")  # fmt: skip
    assert '<button class="btn btn-primary" disabled aria-describedby="why-not">' in preview
    shown(office.get(f"{DRAFT}/preview"), "Последний порог должен быть 0")
    adoption = {"valid_from": TODAY.isoformat(), "decision": DECISION, "version": 2}
    shown(send(director, f"{DRAFT}/preview", f"{DRAFT}/adoption", **adoption), DECISION, status=422)


def test_each_rule_says_what_it_does(door: Site, school: School, office: FlaskClient) -> None:
    shown(door.visit(school.teacher).get("/year/policy"), "Домашнее задание учитель записывает в день урока;",
          "Отсутствующих отмечает только классный руководитель.")  # fmt: skip
    assert change(office, "keeping.homework_days", 1, value="30").status_code == 303
    shown(office.get(DRAFT), "Домашнее задание учитель записывает не позже 30-го учебного дня после урока")


def test_departures_are_named_before_the_vote_and_after_it(door: Site, school: School, office: FlaskClient) -> None:
    heading = "Отступления от регламента и других актов"
    assert heading not in office.get(DRAFT).text
    change(office, "keeping.homework_days", 1, value="30")
    change(office, "load.control_works_a_day", 2, value="9")
    link = '#rule-keeping.homework_days">Срок записи домашнего задания, учебных дней</a> – '
    said = (
        "п. 3.2: домашнее задание записывается в день урока. В этих правилах: не позже 30-го учебного дня",
        "№ СК-228/03, 01-169/08-01: у класса не больше 1 контрольной работы в день. В этих правилах: до 9",
    )
    shown(office.get(DRAFT), heading, f'<a href="{link}', *said)
    director = door.visit(school.director)
    shown(director.get(f"{DRAFT}/preview"), heading, f'<a href="{DRAFT}{link}', *said)
    adoption = {"valid_from": TODAY.isoformat(), "decision": DECISION, "version": 3}
    assert send(director, f"{DRAFT}/preview", f"{DRAFT}/adoption", **adoption).status_code == 303
    shown(door.visit(school.teacher).get("/year/policy"), heading, *said)


def test_the_preview_names_whose_marks_would_change(door: Site, school: School, office: FlaskClient) -> None:
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    assert door.asking(school.teacher).post("/marks", json=mark).status_code == 201
    shown(office.get(f"{DRAFT}/preview"), "Ничего не изменится.")
    least = {"value.0.lessons_a_week": "0", "value.0.marks": "1"}
    assert change(office, "terms.least_marks", 1, **least).status_code == 303
    page = shown(office.get(f"{DRAFT}/preview?grade=7"), "7 класс; учеников на курсах: 1.", "Алгебра",
                 "Будут аттестованы: 1; не будут аттестованы: 0.", "н/а → <strong>5</strong>")  # fmt: skip
    assert "Смирнова А." in page
    shown(office.get(f"{DRAFT}/preview?grade=9"), "нет отметок, по которым можно посчитать")
    school_page = shown(office.get(f"{DRAFT}/preview?grade=abc"), "Отметки и сроки: вся школа", "н/а → <strong>5")
    assert f'href="{DRAFT}/preview?grade=7">7 класс</a>' in school_page
    shown(
        office.get(f"{DRAFT}/preview?part=2"),
        "В этой части списка никого нет.",
        f'href="{DRAFT}/preview?part=1#students"',
    )


def test_those_whose_marks_would_change_are_listed_in_parts(
    door: Site, school: School, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gradebook.voting.views.MOST_SHIFTS", 1)
    monkeypatch.setattr("gateway.pages.methodologist.policy.MOST_SHIFTS", 1)
    for student in (school.anna, school.boris):
        mark = {"lesson_id": str(school.lesson), "student_id": str(student.person_id), "value": "5"}
        assert door.asking(school.teacher).post("/marks", json=mark).status_code == 201
    change(office, "terms.least_marks", 1, **{"value.0.lessons_a_week": "0", "value.0.marks": "1"})
    first = shown(office.get(f"{DRAFT}/preview"), "1–1 из 2", "и ещё 1", f'{DRAFT}/preview?part=2#students"')
    second = shown(office.get(f"{DRAFT}/preview?part=2"), "2–2 из 2", f'{DRAFT}/preview?part=1#students"')
    assert "и ещё 1" not in second
    assert ("Смирнова А." in first) != ("Смирнова А." in second)


def test_a_version_that_another_one_replaces_says_so(door: Site, school: School, office: FlaskClient) -> None:
    director = door.visit(school.director)
    coming = TODAY + timedelta(days=9)
    adoption = {"valid_from": coming.isoformat(), "decision": DECISION, "version": 1}
    remark = f"Версия 1 уже утверждена и начнёт действовать {coming:%d.%m.%Y}"
    assert remark not in director.get(f"{DRAFT}/preview").text
    assert send(director, f"{DRAFT}/preview", f"{DRAFT}/adoption", **adoption).status_code == 303
    assert "не действует ни одного дня" not in office.get("/year/policy").text
    draft(office)
    shown(director.get(f"{DRAFT}/preview"), remark, "эта версия заменит её")
    assert send(director, f"{DRAFT}/preview", f"{DRAFT}/adoption", **adoption).status_code == 303
    page = shown(office.get("/year/policy"), "не действует ни одного дня: с того же числа её заменяет версия 2")
    assert page.count(f'href="/year/policy?date={coming}"') == 1, (
        "the page of the day shows the version that decides it"
    )


def test_a_draft_is_discarded(office: FlaskClient) -> None:
    sent = send(office, DRAFT, f"{DRAFT}/removal", version=1)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/year/policy")
    shown(office.get("/year/policy"), "Проект удалён.", "Начать проект")


def forms_of(page: str) -> dict[str, dict[str, list[str]]]:
    """Address → the fields of the forms of rules, as a browser would send them."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, dict[str, list[str]]] = {}
            self.action, self.select = "", ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            of = dict(attrs)
            if tag == "form":
                self.action = str(of["action"])
            if "/rules/" not in self.action:
                return
            fields = self.found.setdefault(self.action, {})
            if tag == "input" and ("checked" in of or of.get("type") != "checkbox"):
                fields.setdefault(str(of["name"]), []).append(of.get("value") or "")
            elif tag == "select":
                self.select = str(of["name"])
                fields[self.select] = []
            elif tag == "option" and ("selected" in of or not fields[self.select]):
                fields[self.select] = [of.get("value") or ""]

        def handle_endtag(self, tag: str) -> None:
            if tag == "form":
                self.action = ""

    reader = Reader()
    reader.feed(page)
    return reader.found
