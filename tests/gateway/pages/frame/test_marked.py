"""Marks and links made without the template engine are those that it would make."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import url_for

from gateway.pages.frame.marked import badges, links, marks
from tests.gateway.site import Site


@pytest.mark.parametrize(
    ("value", "html"),
    [
        ("5", '<span class="mark-5">5</span>'),
        ("4-", '<span class="mark-4">4-</span>'),
        ("4/5+", '<span class="mark-4">4</span>/<span class="mark-5">5+</span>'),
        ("н/а", '<span class="mark-н/а">н/а</span>'),
        ("<b>", '<span class="mark-&lt;b&gt;">&lt;b&gt;</span>'),
    ],
)
def test_a_cell_is_its_marks_in_their_colours(value: str, html: str) -> None:
    assert marks(value) == html


def test_a_badge_is_a_mark_in_its_colour_and_escaped() -> None:
    assert badges("5") == '<span class="badge-mark mark-5">5</span>'
    assert badges("<i>") == '<span class="badge-mark mark-&lt;i&gt;">&lt;i&gt;</span>'


def test_a_link_is_what_url_for_makes(door: Site) -> None:
    course, term, ids = uuid4(), uuid4(), [(str(uuid4()), str(uuid4())) for _ in range(3)]
    with door.app.test_request_context():
        link = links("journal.mark", "mark_id", "student", course=course, term=term)
        assert [link(*pair) for pair in ids] == [
            url_for("journal.mark", mark_id=mark, student=student, course=course, term=term) for mark, student in ids
        ]
