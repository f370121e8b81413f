"""The page of a lesson's homework: files, links, minutes, personal tasks, a note; and what the diary shows of them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from urllib3 import encode_multipart_formdata

from kernel.errors import Unavailable
from services.gradebook.lessons.tables import Lesson
from tests.gateway.pages.test_day import PATH as DAY
from tests.gateway.pages.test_day import typed as typed_day
from tests.gateway.pages.test_diary import card, give
from tests.gateway.pages.test_pages import shown
from tests.gateway.pages.test_texts import words
from tests.gateway.site import Site
from tests.gradebook.homework.readers import attached
from tests.kit.people import TODAY
from tests.kit.town import School

MEGABYTE = 1024**2


@pytest.fixture
def path(school: School) -> str:
    return f"/lessons/{school.lesson}/homework"


def typed(page: str, **changes: Any) -> dict[str, Any]:
    """The form of a page with these fields changed."""
    form = page.partition("data-unsaved")[2]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    texts = {name: unescape(text) for name, text in re.findall(r'name="([^"]+)"[^>]*>([^<]*)</textarea>', form)}
    dates = dict(re.findall(r'type="date" id="[^"]+" name="([^"]+)" value="([^"]*)"', form))
    minutes = dict(re.findall(r'type="number"[^>]* name="([^"]+)" value="([^"]*)"', form))
    checked: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="checkbox"[^>]* name="([^"]+)" value="([^"]+)" checked', form):
        checked.setdefault(name, []).append(value)
    return hidden | texts | dates | minutes | checked | changes


def save(client: FlaskClient, path: str, *files: tuple[bytes, str], **changes: Any) -> Any:
    return sent(client, path, typed(client.get(path).text, **changes), *files)


def sent(client: FlaskClient, path: str, form: dict[str, Any], *files: tuple[bytes, str]) -> Any:
    """The answer to a form. Flask's own way to encode it leaves the file open in which it puts a large one."""
    fields = [
        (name, one) for name, value in form.items() for one in (value if isinstance(value, list) else [value])
    ]  # fmt: skip
    body, kind = encode_multipart_formdata([*fields, *(("files", (name, content)) for content, name in files)])
    return client.post(path, data=body, content_type=kind)


def file_of(client: FlaskClient, path: str, name: str) -> str:
    """The address of a file on a page."""
    found = re.search(rf'href="(/homework-files/[^"]+)">{re.escape(name)}<', client.get(path).text)
    assert found, f"{name} is not on {path}"
    return found[1]


def test_a_teacher_gives_files_links_and_minutes_and_the_parent_saves_the_file(
    door: Site, school: School, path: str
) -> None:
    client = door.visit(school.teacher)
    give(door, school, school.lesson, "№ 5")
    shown(client.get(DAY), f'href="{path}"', "Без даты — на следующий урок")
    links = "Видео урока https://example.org/5\nhttps://example.org/6"
    saved = save(
        client, path, (attached.PDF, "Задание № 5.pdf"), (attached.png(), "доска.png"), minutes="20", links=links
    )
    assert (saved.status_code, saved.headers["Location"]) == (303, path), saved.text
    page = shown(client.get(path), "Сохранено.", "Задание № 5.pdf", "доска.png", links)
    assert 'value="20"' in page
    shown(client.get(DAY), "Файлы, ссылки, личные задания, заметка", "(4)", 'value="20"')
    diary = f"/diary/{school.anna.person_id}"
    for reader in (school.mother, school.anna, school.teacher):
        got = door.visit(reader).get(file_of(door.visit(school.mother), diary, "Задание № 5.pdf"))
        assert (got.status_code, got.data, got.mimetype) == (200, attached.PDF, "application/pdf")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert got.headers["Content-Disposition"].endswith("%D0%97%D0%B0%D0%B4%D0%B0%D0%BD%D0%B8%D0%B5%20%E2%84%96%205.pdf")
    assert got.headers["Cache-Control"] == "no-store"
    today = card(door, diary, TODAY, school.mother)
    assert re.search("Задание № 5.pdf.*доска.png.*Видео урока.*https://example.org/6", today)


def test_nobody_else_gets_a_file(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    save(client, path, (attached.PDF, "a.pdf"))
    address = file_of(client, path, "a.pdf")
    for stranger in (school.father, school.gleb, school.glebs_mother, school.other_teacher):
        assert door.visit(stranger).get(address).status_code == 404
    assert door.app.test_client().get(address).status_code == 303
    with client.head(address) as told:
        assert (told.status_code, told.content_length) == (200, len(attached.PDF))


def test_what_is_refused_is_told_by_name_and_all_that_was_typed_is_kept(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    bomb = attached.office("word", media_bin=bytes(201 * MEGABYTE))
    answer = save(
        client, path, (b"MZ\x90", "игра.exe"), (attached.PDF, "план.docx"), (bomb, "бомба.docx"),
        (b"%PDF-" + bytes(20 * MEGABYTE), "том.pdf"), (b"", "пусто.txt"), (attached.PDF, "верно.pdf"),
        links="учебник", minutes="900", note="Спросить Анну",
    )  # fmt: skip
    page = shown(answer, "Сохранено не всё.", "учебник</textarea>", 'value="900"', status=422)
    told = words(answer)
    for part in (
        "«игра.exe», не принимаются", "«план.docx» — не то, о чём говорит", "«бомба.docx» после распаковки",
        "«том.pdf» больше 20 МБ", "Файл «пусто.txt» пуст",
    ):  # fmt: skip
        assert part in told
    assert 'data-unsaved="yes"' in page
    assert "верно.pdf" in page, "what could be saved is saved"
    assert "Спросить Анну" in words(client.get(path))
    saved = sent(client, path, typed(page, links="https://example.org", minutes="9"))
    assert saved.status_code == 303, saved.text
    shown(client.get(path), "https://example.org", 'value="9"')


def test_a_file_is_taken_away_and_brought_back_without_losing_what_was_typed(
    door: Site, school: School, path: str
) -> None:
    client = door.visit(school.teacher)
    save(client, path, (attached.PDF, "a.pdf"))
    file_id = file_of(client, path, "a.pdf").rpartition("/")[2]
    assert save(client, path, remove=file_id, minutes="15").status_code == 303
    page = shown(client.get(path), "Убранные", 'value="15"')
    assert f"/homework-files/{file_id}" not in page
    assert save(client, path, restore=file_id).status_code == 303
    assert file_of(client, path, "a.pdf")
    history = words(client.get(f"{path}/history"))
    assert re.search(
        "файл возвращён: a.pdf.*файл убран: a.pdf.*изменены ссылки, минуты или задания.*файл добавлен: a.pdf", history
    )


def test_a_change_by_somebody_else_is_told_and_the_next_saving_replaces_it(
    door: Site, school: School, path: str
) -> None:
    client = door.visit(school.teacher)
    form = typed(client.get(path).text, minutes="30")
    body = {"minutes": 10}
    other = door.asking(school.teacher).patch(
        f"/lessons/{school.lesson}/homework", json=body, headers={"If-Match": '"0"'}
    )
    assert other.status_code == 200, other.text
    answer = sent(client, path, form)
    page = shown(answer, "Кто-то уже изменил это задание", "Сейчас сохранено: 10 мин.", 'value="30"', status=412)
    assert sent(client, path, typed(page)).status_code == 303
    shown(client.get(path), 'value="30"')


def test_a_page_that_is_sent_as_it_was_shown_changes_nothing(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    task = {"task-text-1": "Дроби", "task-students-1": str(school.anna.person_id)}
    save(client, path, minutes="5", links="Урок https://example.org", note="a", **task)
    asked = len(door.bus.calls)
    sent = save(client, path)
    assert not {"gradebook.set_homework", "gradebook.set_note"} & {name for name, _ in door.bus.calls[asked:]}
    assert "Изменений не было." in words(client.get(sent.headers["Location"]))


def test_a_personal_task_is_read_by_its_student_and_the_parents_alone(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    task = {"task-text-1": "Повторить дроби", "task-students-1": str(school.anna.person_id)}
    refused = save(client, path, **{"task-text-1": "Повторить дроби"})
    page = shown(refused, "Повторить дроби</textarea>", status=422)
    assert "open" in re.search(r"<details[^>]*>", page.partition("task-due-1")[2])[0]  # type: ignore[index]  # it is there
    assert save(client, path, **task).status_code == 303
    shown(client.get(path), "Повторить дроби</textarea>", "checked")
    assert "Повторить дроби" in words(door.visit(school.mother).get(f"/diary/{school.anna.person_id}"))
    assert "Повторить дроби" not in words(door.visit(school.other_mother).get(f"/diary/{school.boris.person_id}"))
    shown(client.get(f"{path}/history"), "Смирнова Анна", "Повторить дроби")


def test_staff_who_read_the_lesson_read_its_homework_and_keep_notes_of_their_own(
    door: Site, school: School, path: str
) -> None:
    save(door.visit(school.teacher), path, (attached.PDF, "a.pdf"), links="https://example.org", note="Секрет")
    homeroom = door.visit(school.homeroom_a)
    page = shown(homeroom.get(path), "a.pdf", "https://example.org")
    assert "Секрет" not in page
    assert 'name="links"' not in page
    assert save(homeroom, path, note="Своё").status_code == 303
    shown(homeroom.get(path), "Своё</textarea>")
    director = shown(door.visit(school.director).get(path), "a.pdf")
    assert "<textarea" not in director
    assert door.visit(school.other_teacher).get(path).status_code == 404


def test_minutes_are_saved_with_the_day_and_kept_where_they_are_refused(door: Site, school: School) -> None:
    client, name = door.visit(school.teacher), f"minutes-{school.lesson}"
    saved = client.post(DAY, data=typed_day(client, **{name: "25", f"topic-{school.lesson}": "Дроби"}))
    assert saved.status_code == 303, saved.text
    shown(client.get(DAY), 'value="25"', "Дроби</textarea>")
    form = typed_day(client, **{name: "много", f"homework-{school.lesson}": "№ 7"})
    page = shown(client.post(DAY, data=form), "Сохранено не всё.", 'value="много"', "№ 7", status=422)
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.partition("data-unsaved")[2]))
    only = client.post(DAY, data={**typed_day(client), **again, name: "10"})
    assert only.status_code == 303, only.text
    shown(client.get(DAY), "Сохранено.", 'value="10"', "№ 7")


def test_the_day_is_filled_in_while_details_cannot_be_read(
    door: Site, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = door.visit(school.teacher)

    def away(*_: Any, **__: Any) -> None:
        raise Unavailable("The service {service} is away.", rule="no-route", service="gradebook")

    monkeypatch.setattr(door.bus.services["gradebook"], "homework_of_day", away)
    page = shown(client.get(DAY))
    assert f"minutes-{school.lesson}" not in page
    saved = client.post(DAY, data=typed_day(client, **{f"topic-{school.lesson}": "Дроби"}))
    assert saved.status_code == 303, saved.text


def test_too_much_for_a_day_is_told_beside_the_homework_while_it_is_and_hinders_nobody(
    door: Site, school: School
) -> None:
    client, lesson = door.visit(school.teacher), school.lesson
    much = {f"minutes-{lesson}": "400", f"homework-{lesson}": "№ 1–100"}
    saved = client.post(DAY, data=typed_day(client, **much))
    assert saved.status_code == 303, saved.text
    told, beside = "400 мин., допустимо 150 мин.", f'data-load="{lesson}" data-saved role="status">'
    shown(client.get(saved.headers["Location"]), told, "Сохранено", beside)
    assert told in shown(client.get(saved.headers["Location"]), beside), "it stays where the page is loaded anew"
    shown(client.get(f"/lessons/{lesson}/homework"), told)
    assert f'data-load="{lesson}" data-saved' in shown(client.get(DAY)), "a script asks"
    less = client.post(DAY, data=typed_day(client, **{f"minutes-{lesson}": "20"}))
    assert less.status_code == 303
    for address in (less.headers["Location"], saved.headers["Location"], f"/lessons/{lesson}/homework"):
        assert "допустимо" not in shown(client.get(address))
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).values(homework_due=TODAY - timedelta(days=1)))
    assert "data-saved" not in shown(client.get(DAY)), "it was due yesterday"
