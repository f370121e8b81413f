"""Templates find what they show in answers of services, and say it in the visitor's language."""

from __future__ import annotations

import re

import pytest
from jinja2 import Template

from gateway.door.templates import Templates
from kernel.names import Name
from tests.gateway.site import Site


@pytest.fixture
def door(lasting: Site) -> Site:
    return lasting


def template(door: Site, text: str) -> Template:
    assert isinstance(door.app.jinja_env, Templates)
    return door.app.jinja_env.from_string(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ found.mark.value }}", "5"),
        ("{{ found.items }}", "two"),
        ("{{ found.keys()|list|length }}", "3"),
        ("{{ found.person.family }}", "Иванова"),
        ("{{ found.nothing }}.{{ found.mark.nothing is defined }}", ".False"),
    ],
    ids=["key", "key-like-a-method", "method", "attribute", "undefined"],
)
def test_a_name_is_a_key_of_an_answer_or_else_an_attribute(door: Site, text: str, shown: str) -> None:
    found = {"mark": {"value": "5"}, "items": "two", "person": Name("Иванова")}
    assert template(door, text).render(found=found) == shown


def test_a_columns_name_is_followed_by_a_colon_on_a_phone_and_has_no_sign_of_its_own(door: Site) -> None:
    templates = door.app.jinja_env
    loader = templates.loader
    assert loader is not None
    labels = {
        name: re.findall(r"data-label=\"\{\{ _\('([^']+)'\) \}\}\"", loader.get_source(templates, name)[0])
        for name in templates.list_templates(extensions=["html"])
    }
    assert sum(map(len, labels.values())) > 100
    assert [(name, one) for name, found in labels.items() for one in found if one[-1] in "?:."] == []


def test_the_links_of_the_school_year_keep_their_place_from_page_to_page(door: Site) -> None:
    templates = door.app.jinja_env
    loader = templates.loader
    assert loader is not None
    sources = {name: loader.get_source(templates, name)[0] for name in templates.list_templates(extensions=["html"])}
    linked = {name: source for name, source in sources.items() if "{{ year_parts(" in source and "<h1" in source}
    assert len(linked) > 20
    assert [name for name, source in linked.items() if source.index("{{ year_parts(") > source.index("<h1")] == []


def test_the_texts_of_a_template_are_in_the_language_of_each_request(door: Site) -> None:
    page = template(door, '{{ _("Marks") }}, {{ _("Marks set: %(count)s.", count=count) }}')
    for spoken, said in (("ru", "Отметки, Выставлено отметок: 2."), ("en", "Marks, Marks set: 2.")) * 2:
        with door.app.test_request_context(headers={"Accept-Language": spoken}):
            assert page.render(count=2) == said


def test_what_is_filled_into_a_text_is_escaped(door: Site) -> None:
    page = template(door, '{{ _("Marks set: %(count)s.", count=count) }}')
    with door.app.test_request_context(headers={"Accept-Language": "en"}):
        assert page.render(count="<b>") == "Marks set: &lt;b&gt;."
