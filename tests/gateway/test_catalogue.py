"""Every text that people read is a template in the code, and has a Russian translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.mofile import read_mo

from gateway import catalogue
from gateway.catalogue import FAILURES, PLACES
from services.gradebook.marks.rules import cells
from services.gradebook.policy.rules import scales
from services.gradebook.policy.rules.scales import Refusal

PARAMETER = re.compile(r"\{\w*\}|%\(\w+\)s")
#: Packages in which people are told something.
PACKAGES = ("cli", *catalogue.PACKAGES)
#: What a service or a library said already is told again here: its templates come from elsewhere.
CARRIERS = {
    "gateway/door/language.py", "gateway/door/problems.py", "kernel/errors.py", "kernel/phrases.py",
    "kernel/schema_texts.py", "kernel/texts.py",
}  # fmt: skip
#: Where a text is made of a sentence that an older sender or row holds without its template.
OF_OLD = {("services/identity/bundles/recording/imports.py", "Text(str(imported.failure))")}


def told(source: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Calls that tell people something, each with its text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = PLACES.get(name)
            if place is not None and len(node.args) >= place:
                yield node, node.args[place - 1]


def files() -> Iterator[tuple[str, str]]:
    """Path and source of each module that may tell people something."""
    for package in PACKAGES:
        for path in sorted((catalogue.ROOT / package).rglob("*.py")):
            name = str(path.relative_to(catalogue.ROOT))
            if "readers" not in path.parts and name not in CARRIERS:
                yield name, path.read_text()


def variable(name: str, source: str) -> list[str]:
    """Calls whose text is no literal, so that no catalogue can hold it."""
    found = []
    for call, text in told(source):
        literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
        if not literal and not _is_of_another_kind(call, text) and (name, ast.unparse(call)) not in OF_OLD:
            found.append(f"{name}:{call.lineno}: {ast.unparse(call)}")
    return found


def _is_of_another_kind(call: ast.Call, text: ast.expr) -> bool:
    """Whether a call is of another class named `Fault`: those begin with a place, and hold a `Text` or a `Sentence`."""
    return getattr(call.func, "id", "") == "Fault" and len(call.args) > 1


def test_every_text_for_people_is_a_literal() -> None:
    assert [line for name, source in files() for line in variable(name, source)] == []


@pytest.mark.parametrize(
    "call",
    [
        'raise Invalid(f"No {this}.")', 'raise errors.NotFound("No " + this)', "raise Conflict(message)",
        'FieldFault(path, "rule", f"No {this}.")', 'Text("No {}.".format(this))', 'gettext("a" if this else "b")',
    ],
)  # fmt: skip
def test_a_text_that_is_put_together_is_noticed(call: str) -> None:
    assert len(variable("here.py", call)) == 1


def ungiven(source: str) -> list[str]:
    """Places in templates for which the call gives no parameter, as far as it names its parameters one by one."""
    found = []
    for call, text in told(source):
        params = _params(call)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and params is not None:
            places = {name for _text, name, _form, _conversion in Formatter().parse(text.value) if name}
            found += [f"{call.lineno}: {name}" for name in sorted(places - params)]
    return found


def _params(call: ast.Call) -> set[str] | None:
    """The names of a call's parameters; None where they are in a variable."""
    given = [word.arg for word in call.keywords]
    if None in given:
        return None
    if isinstance(call.func, ast.Name) and call.func.id in {"Text", "FieldFault"}:
        place = PLACES[call.func.id]
        if len(call.args) <= place:
            return set()
        last = call.args[place]
        if not isinstance(last, ast.Dict):
            return None
        return {key.value for key in last.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    if isinstance(call.func, ast.Name) and call.func.id in FAILURES:
        return {name for name in given if name}
    return None


def test_every_place_in_a_template_has_its_parameter() -> None:
    assert {name: ungiven(source) for name, source in files() if ungiven(source)} == {}


@pytest.mark.parametrize(
    "call",
    [
        'raise Invalid("No {this}.", rule="no", that=1)',
        'Text("No {this}.")',
        'Text("No {this}.", {"that": 1})',
        'FieldFault(path, "rule", "No {this}.")',
    ],
)
def test_a_place_without_its_parameter_is_noticed(call: str) -> None:
    assert ungiven(call) == ["1: this"]


@pytest.mark.slow
def test_every_literal_that_people_are_told_is_in_the_russian_catalogue() -> None:
    translated = catalogue.translated("ru")
    texts = {
        text.value: name
        for name, source in files()
        if not name.startswith("cli/")  # commands answer their operator in English
        for _call, text in told(source)
        if isinstance(text, ast.Constant) and text.value
    }
    assert len(texts) > 200
    missing = {text: name for text, name in texts.items() if text not in translated}
    assert missing == {}, "run python -m gateway.catalogue, and write the Russian words"


@pytest.mark.slow
def test_every_text_that_people_read_has_a_russian_translation() -> None:
    translated = catalogue.translated("ru")
    missing = {
        text: where
        for text, where in catalogue.messages().items()
        if not (text in translated and translated[text].string)
    }
    assert missing == {}, "run `python -m gateway.catalogue` and translate these"


@pytest.mark.slow
def test_no_translation_outlives_its_text() -> None:
    texts = catalogue.messages()
    assert [message.id for message in catalogue.translated("ru") if message.id and message.id not in texts] == []


def test_the_compiled_catalogue_is_what_the_written_one_compiles_to() -> None:
    path = catalogue.TRANSLATIONS / "ru" / "LC_MESSAGES" / "messages.mo"
    assert path.read_bytes() == catalogue.compiled(catalogue.translated("ru"))
    with path.open("rb") as file:
        compiled = read_mo(file)
    assert compiled["Not found"].string == "Не найдено"


def test_a_translation_has_the_parameters_of_its_text() -> None:
    for message in catalogue.translated("ru"):
        if message.id:
            given, used = set(PARAMETER.findall(message.id)), set(PARAMETER.findall(message.string))
            assert given == used, message.id


def test_a_page_or_field_that_a_text_names_is_called_there_as_it_is_where_it_stands() -> None:
    translated = catalogue.translated("ru")
    named = [
        (message, translated[name].string)
        for message in translated
        if isinstance(message.id, str) and message.string
        for name in re.findall(r"“([^”]+)”", message.id)
        if name in translated and translated[name].string
    ]
    assert len(named) > 5
    assert [(message.string, name) for message, name in named if f"«{name}»" not in message.string] == []


def test_a_rule_that_words_its_refusal_in_both_languages_agrees_with_the_catalogue() -> None:
    translated = catalogue.translated("ru")
    worded = [one for module in (scales, cells) for one in vars(module).values() if isinstance(one, Refusal)]
    assert len(worded) > 10
    assert {one.en: translated[one.en].string for one in worded} == {one.en: one.ru for one in worded}


def test_texts_are_found_in_failures_faults_and_texts_within_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "services"
    package.mkdir()
    (package / "here.py").write_text("""
def check(faults, column):
    faults.add("file", "rule", Text("{name} is missing.", {"name": column.name}), 1)
    seen.add("file", "rule", "nobody is told this")
    raise Invalid("Not {this}.", rule="no", this=Text("a column"), faults=tuple(
        FieldFault(one, "rule", "Not so.") for one in column
    ))
FULL = Refusal("full", "Здесь {this}.", "Here is {this}.")
""")
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "PACKAGES", ("services",))
    found = {text for text, where in catalogue.messages().items() if where != "elsewhere"}
    assert found == {"{name} is missing.", "Not {this}.", "a column", "Not so.", "Here is {this}."}


def test_each_kind_of_failure_is_known_to_the_catalogue() -> None:
    assert {"Refused", "Invalid", "NotFound", "Fault", "TimedOut"} <= FAILURES
