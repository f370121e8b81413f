"""The diary without a connection: on a device of one's own the week seen last, on a shared one nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from contracts.identity.sessions import Sessions
from kernel.auth import Actor
from kernel.waiting import eventually
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.calls import call
from tests.kit.people import PASSWORD
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")

#: Addresses of what the browser keeps of the diary.
KEPT = """(async () => {
    if (!(await caches.has("lyceum-kept"))) return [];
    return (await (await caches.open("lyceum-kept")).keys()).map(({ url }) => new URL(url).pathname);
})()"""
WORKERS = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
#: Lets everything that is kept be so many days older.
GROW_OLDER = """async (days) => {
    const store = await caches.open("lyceum-kept");
    for (const request of await store.keys()) {
        const answer = await store.match(request);
        const headers = new Headers(answer.headers);
        headers.set("Lyceum-Kept-At", String(Number(headers.get("Lyceum-Kept-At")) - days * 24 * 3600 * 1000));
        await store.put(request, new Response(await answer.text(), { headers }));
    }
}"""
ALL_STORED = """(async () => {
    const texts = [];
    for (const name of await caches.keys()) {
        const store = await caches.open(name);
        for (const request of await store.keys()) texts.push(await (await store.match(request)).text());
    }
    return texts.join("\\n");
})()"""
COLOUR = "getComputedStyle(document.querySelector('.masthead')).backgroundColor"
AS_IT_WAS = re.compile(r"Нет связи\. Дневник показан таким, каким он был \d{1,2} [а-я]+ в \d\d:\d\d\.")


class Phone:
    """A family's browser that may lose its connection."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    def sign_in(self, actor: Actor, *, own: bool = True) -> None:
        self.goto("/login")
        self.page.fill("#login", self.visitor.door.login(actor))
        self.page.fill("#password", PASSWORD)
        self.page.set_checked("#own-device", own)
        self.page.click("main button")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def goto(self, path: str) -> None:
        self.page.goto(self.visitor.address + path)

    def kept(self) -> list[str]:
        return sorted(self.page.evaluate(KEPT))

    def keeps(self, *students: Actor) -> None:
        """Wait until exactly these diaries are kept."""
        wanted = sorted(f"/diary/{student.person_id}" for student in students)
        eventually(lambda: self.kept() == wanted, 10, f"{wanted} kept")

    def lose_connection(self) -> None:
        self.page.context.set_offline(True)  # Playwright's own

    def find_connection(self) -> None:
        self.page.context.set_offline(False)  # Playwright's own
        self.visitor.complaints.clear()  # the browser notes what was not carried

    def shows_no_connection(self) -> None:
        """And nothing of anybody."""
        expect(self.page.get_by_role("heading", name="Нет связи")).to_be_visible()
        expect(self.page.locator("body")).not_to_contain_text("Смирнова")
        expect(self.page.locator("[data-kept]")).to_have_count(0)


@pytest.fixture
def phone(visitor: Visitor) -> Phone:
    return Phone(visitor)


def test_on_an_own_device_the_week_seen_last_is_read_without_a_connection_and_says_of_when_it_is(
    phone: Phone, school: School
) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    expect(phone.page.locator("[data-kept]")).to_have_count(1)
    assert not phone.page.locator("[data-kept]").is_visible(), "a page of the moment bears no mark"
    lessons = phone.page.locator(".days li").count()
    phone.lose_connection()
    for path in ("/diary", f"/diary/{school.anna.person_id}", f"/diary/{school.anna.person_id}?school={school.id}"):
        phone.goto(path)
        expect(phone.page.get_by_role("status")).to_have_text(AS_IT_WAS)
        expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Смирнова Анна")
        expect(phone.page.locator(".days")).not_to_contain_text("сегодня")
        expect(phone.page.locator(".days li")).to_have_count(lessons)
    assert phone.page.evaluate(COLOUR) == "rgb(23, 51, 95)", "without its styles"
    phone.visitor.look("offline-diary")
    assert phone.visitor.fits()
    assert phone.visitor.barriers() == []
    phone.find_connection()
    phone.page.get_by_role("link", name="Попробовать ещё раз").click()
    expect(phone.page.locator("div[data-kept]")).to_have_count(0)


def test_other_pages_and_other_weeks_say_that_there_is_no_connection_and_name_nobody(
    phone: Phone, school: School
) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    phone.lose_connection()
    anna = school.anna.person_id
    for path in (f"/marks/{anna}", f"/diary/{anna}?date=2020-09-01", f"/diary/{school.boris.person_id}", "/sign-ins"):
        phone.goto(path)
        phone.shows_no_connection()
    phone.visitor.look("offline-no-connection")
    assert phone.visitor.barriers() == []
    phone.page.get_by_role("link", name="В дневник").click()
    expect(phone.page.get_by_role("status")).to_have_text(AS_IT_WAS)
    phone.find_connection()


def test_after_fourteen_days_nothing_is_shown_and_nothing_is_there_any_more(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    phone.lose_connection()
    phone.page.evaluate(GROW_OLDER, 13)
    phone.goto("/diary")
    expect(phone.page.get_by_role("status")).to_have_text(AS_IT_WAS)
    phone.page.evaluate(GROW_OLDER, 2)
    phone.goto("/diary")
    phone.shows_no_connection()
    assert phone.kept() == []
    phone.find_connection()


def test_each_child_has_the_week_that_was_seen_last_of_it(phone: Phone, school: School) -> None:
    phone.sign_in(school.other_mother)
    phone.keeps(school.boris)
    phone.page.get_by_role("link", name=re.compile("Попова")).click()
    phone.keeps(school.boris, school.vera)
    phone.lose_connection()
    phone.goto("/diary")
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Попова Вера")
    phone.page.get_by_role("link", name=re.compile("Кузнецов")).click()
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Кузнецов Борис")
    expect(phone.page.get_by_role("status")).to_have_text(AS_IT_WAS)
    phone.find_connection()


def test_a_student_reads_the_own_week_and_ticks_nothing_without_a_connection(phone: Phone, school: School) -> None:
    phone.sign_in(school.anna)
    phone.keeps(school.anna)
    buttons = phone.page.locator("form.tick button")
    there = buttons.count()
    phone.lose_connection()
    phone.goto("/diary")
    expect(phone.page.get_by_role("status")).to_have_text(AS_IT_WAS)
    assert there > 0
    expect(phone.page.locator("form.tick button:disabled")).to_have_count(there)
    phone.find_connection()


def test_a_shared_device_has_no_worker_and_keeps_nothing(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother, own=False)
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Смирнова")
    phone.page.wait_for_load_state("networkidle")
    assert phone.page.evaluate(WORKERS) == 0
    assert phone.page.evaluate("caches.keys()") == []
    phone.lose_connection()
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        phone.goto("/diary")
    phone.find_connection()


def test_a_browser_with_a_worker_keeps_nothing_of_who_signs_in_on_a_shared_device(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    phone.page.get_by_role("button", name="Выйти").click()
    phone.page.wait_for_url("**/login")
    phone.sign_in(school.mother, own=False)
    phone.goto(f"/diary/{school.anna.person_id}")
    phone.page.wait_for_load_state("networkidle")
    assert phone.kept() == []
    assert "Смирнова" not in phone.page.evaluate(ALL_STORED)
    phone.lose_connection()
    phone.goto("/diary")
    phone.shows_no_connection()
    phone.find_connection()


def test_signing_out_removes_what_was_kept(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    phone.page.get_by_role("button", name="Выйти").click()
    phone.page.wait_for_url("**/login")
    assert phone.kept() == []
    assert "Смирнова" not in phone.page.evaluate(ALL_STORED)
    phone.lose_connection()
    phone.goto("/diary")
    phone.shows_no_connection()
    phone.find_connection()


def test_signing_out_without_a_connection_removes_what_was_kept_too(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    phone.lose_connection()
    phone.goto("/diary")
    phone.page.get_by_role("button", name="Выйти").click()
    phone.page.wait_for_url("**/logout")
    phone.shows_no_connection()
    phone.goto("/diary")
    phone.shows_no_connection()
    assert phone.kept() == []
    phone.find_connection()


def test_another_account_removes_what_was_kept_and_keeps_its_own(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    phone.page.context.clear_cookies()  # the session is over, nobody signed out
    phone.sign_in(school.other_mother)
    phone.keeps(school.boris)
    assert "Смирнова" not in phone.page.evaluate(ALL_STORED)


def test_an_account_of_which_the_worker_saw_no_sign_in_removes_what_was_kept_of_another(
    phone: Phone, school: School, door: Site
) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    token = door.token(school.other_mother)
    phone.page.context.clear_cookies()
    for name, value in (("access", token), ("stay", "1")):
        phone.page.context.add_cookies([{"name": name, "value": value, "url": phone.visitor.address}])
    phone.goto(f"/diary/{school.boris.person_id}")
    phone.keeps(school.boris)


def test_a_session_that_the_server_ended_removes_what_was_kept(phone: Phone, school: School, door: Site) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    end_sessions(door, school.mother)
    phone.goto("/diary")
    phone.page.wait_for_url(re.compile("/login"))
    eventually(lambda: phone.kept() == [], 10, "nothing kept")
    phone.lose_connection()
    phone.goto("/diary")
    phone.shows_no_connection()
    phone.find_connection()


def test_an_open_page_that_learns_that_its_session_is_over_removes_what_was_kept(
    phone: Phone, school: School, door: Site
) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    end_sessions(door, school.mother)
    with phone.page.expect_console_message(lambda message: "401" in message.text):
        phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.page.get_by_role("alert")).to_contain_text("Вы больше не в системе")
    assert phone.kept() == []
    phone.visitor.complaints.clear()  # the browser notes the refusal


def test_the_choice_is_withdrawn_on_the_page_of_sign_ins(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother)
    phone.keeps(school.anna)
    phone.goto("/sign-ins")
    phone.visitor.look("offline-sign-ins")
    phone.page.get_by_role("button", name="Это не только моё устройство").click()
    expect(phone.page.get_by_role("status")).to_contain_text("считается общим")
    eventually(lambda: phone.kept() == [], 10, "nothing kept")


def test_another_password_removes_what_was_kept(phone: Phone, school: School) -> None:
    phone.sign_in(school.glebs_mother)
    phone.keeps(school.gleb)
    phone.page.evaluate("caches.open('lyceum-kept').then((store) => store.put('/diary/of-before', new Response()))")
    phone.goto("/password")
    phone.page.fill("[name=old_password]", PASSWORD)
    phone.page.fill("[name=new_password]", "another long password 5")
    phone.page.fill("[name=repeated]", "another long password 5")
    phone.page.click("main button")
    expect(phone.page.get_by_role("status")).to_contain_text("Пароль изменён")
    phone.keeps(school.gleb)  # the page that follows, and nothing of before


def test_a_consent_that_was_withdrawn_removes_the_childs_diary(phone: Phone, school: School, door: Site) -> None:
    phone.sign_in(school.other_mother)
    phone.keeps(school.boris)
    phone.goto(f"/diary/{school.vera.person_id}")
    phone.keeps(school.boris, school.vera)
    school.consent(school.other_mother, school.vera, "portal", granted=False)
    door.carry()
    phone.goto(f"/diary/{school.vera.person_id}")
    phone.keeps(school.boris)
    school.consent(school.other_mother, school.vera, "portal", granted=True)
    door.carry()
    phone.visitor.complaints.clear()  # the browser notes the refusal


def test_a_browser_finds_that_the_diary_can_be_installed(phone: Phone, school: School) -> None:
    phone.sign_in(school.mother)
    wire = phone.page.context.new_cdp_session(phone.page)
    manifest = wire.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest/ru")
    assert "Электронный дневник" in manifest["data"]
    # a window of a test keeps nothing after it is closed
    faults = [one["errorId"] for one in wire.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [one for one in faults if one != "in-incognito"] == []


def end_sessions(door: Site, actor: Actor) -> None:
    """As from another device: every session of the person ends."""
    for one in call(door.town.identity, Sessions.own_sessions, actor)["sessions"]:
        call(door.town.identity, Sessions.end_session, actor, session_id=one["session_id"])
    door.carry()
