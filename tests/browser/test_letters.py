"""From a letter in a mailbox to what it is about, by way of signing in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from kernel.config import Settings
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.gateway.site import Site
from tests.kit.people import PASSWORD, TODAY
from tests.kit.town import School
from tests.notifications.conftest import MailServer

NUMBERS = iter((3, 4))


@pytest.fixture
def mailbox(door: Site, address: str) -> Iterator[MailServer]:
    """Where the school's letters arrive."""
    server = MailServer()
    server.start()
    service: Any = door.bus.services["notifications"]
    service.settings = Settings(
        smtp_url=server.url, mail_from="Лицей <journal@school.example>", public_url=address, mail_connections=1
    )
    yield server
    server.stop()


def link_to(mailbox: MailServer, recipient: str) -> str:
    (letter,) = (one for one in mailbox.letters if one["To"] == recipient)
    (found,) = re.findall(r"^http\S+", letter.get_body(("plain",)).get_content(), re.MULTILINE)
    return str(found)


@pytest.mark.parametrize("visitor", [DESKTOP, PHONE], indirect=True, ids=["desktop", "phone"])
def test_d17_the_link_of_a_letter_leads_who_was_signed_out_to_the_mark_of_the_second_child(
    visitor: Visitor, door: Site, school: School, mailbox: MailServer, request: pytest.FixtureRequest
) -> None:
    """The mother of two would land at the first child's present week."""
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=14), next(NUMBERS))
    mark = {"student_id": str(school.vera.person_id), "value": "4", "comment": "Молодец"}
    posted = door.asking(school.teacher).post(f"/lessons/{lesson}/marks", json={"marks": [mark]})
    assert posted.status_code == 201, posted.text
    door.carry()
    door.bus.services["notifications"].send_due()
    page = visitor.page
    page.goto(link_to(mailbox, "other@example.org"))
    expect(page.get_by_label("Логин")).to_be_focused()
    page.fill("#login", door.login(school.other_mother))
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: url.endswith(f"#lesson-{lesson}"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Вера")
    there = page.locator("li:target")
    expect(there).to_be_in_viewport()
    expect(there).to_contain_text("Молодец")
    expect(there).to_have_css("background-color", "rgb(255, 248, 225)")
    visitor.look(f"diary-from-a-letter-{request.node.callspec.id}")
    assert visitor.barriers() == []
    assert visitor.fits()
    visitor.goto(f"/diary/{school.vera.person_id}/days/{TODAY - timedelta(days=14)}")
    expect(page.locator("h2:target")).not_to_have_css("box-shadow", "none")
