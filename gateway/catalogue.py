"""Every text that people read, found in the code, and the catalogues of its translations.

`python -m gateway.catalogue` takes new texts into `translations/*/LC_MESSAGES/messages.po` and compiles them; a
text without a translation fails a test.
"""

from __future__ import annotations

import ast
import inspect
import io
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

import marshmallow
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from marshmallow import fields, validate

from kernel import errors

ROOT: Final = Path(__file__).parents[1]
TRANSLATIONS: Final = Path(__file__).parent / "translations"
PACKAGES: Final = ("contracts", "gateway", "kernel", "services")
#: Calls whose first argument is told to people: refusals and faults, the framework's and the rest.
REFUSALS: Final = frozenset(
    name for name, cls in vars(errors).items() if inspect.isclass(cls) and issubclass(cls, errors.LyceumError)
) | {
    "BadRequest",
    "LengthRequired",
    "PreconditionRequired",
    "UnsupportedMediaType",
    "missing",
    "gettext",
    "lazy_gettext",
}
#: Calls of another kind that hold a message → which argument it is.
FAULTS: Final = {"FieldFault": 2, "Fault": 4, "faults.add": 2}
#: Told as data, by no refusal: why a print failed.
TOLD_AS_DATA: Final = ("The page could not be laid out. It was noted; order it again later.",)
_LANGUAGES: Final = ("ru",)


def messages() -> dict[str, str]:
    """Text → where it stands, of everything that people may be told."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "readers" in path.parts:  # they say everything in both languages
                continue
            source = path.read_text()
            for text in (*texts_of(source), *(english for english, _ in phrases_of(source))):
                found.setdefault(text, str(path.relative_to(ROOT)))
    for text in (*_schema_texts(), *TOLD_AS_DATA):
        found.setdefault(text, "elsewhere")
    for name, _line, extracted, *_ in extract_from_dir(
        str(Path(__file__).parent / "templates"), method_map=[("**.html", "jinja2")]
    ):
        for each in (extracted,) if isinstance(extracted, str) else extracted:
            found.setdefault(each, f"gateway/templates/{name}")
    return found


def texts_of(source: str) -> Iterator[str]:
    """What a module tells people: messages of refusals and faults, literal or by a name that the module gives them.

    A message put together in place (an f-string) is found as the template it would be.
    """
    tree = ast.parse(source)
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            place = _place_of_message(node)
            if place is not None and place < len(node.args):
                yield from _texts(node.args[place], named)


def phrases_of(source: str) -> Iterator[tuple[str, str]]:
    """English text and Russian text of each `Refusal(rule, Phrase(ru, en))`: rules may word them in both languages."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
            phrase = node.args[1]
            assert isinstance(phrase, ast.Call), "the phrase stands in the refusal"
            words = {word.arg: word.value for word in phrase.keywords} | dict(zip(("ru", "en"), phrase.args))
            yield ast.literal_eval(words["en"]), ast.literal_eval(words["ru"])


def translated(language: str) -> Catalog:
    """The catalogue of a language as it is written."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as programs read it."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def update() -> None:
    """Take new texts into every catalogue, drop those that are gone, compile."""
    template = Catalog(charset="utf-8")
    for text, where in messages().items():
        template.add(text, locations=[(where, 0)])
    for language in _LANGUAGES:
        catalogue = translated(language) if _path(language).exists() else Catalog(locale=language)
        written = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.creation_date = written  # a run that finds nothing new changes nothing
        catalogue.obsolete.clear()
        for english, russian in _phrases():
            catalogue[english].string = russian
        with _path(language).open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
        _path(language).with_suffix(".mo").write_bytes(compiled(translated(language)))


def _phrases() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "services").glob("*/rules/**/*.py")):
        yield from phrases_of(path.read_text())


def _path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def _place_of_message(call: ast.Call) -> int | None:
    """Which argument of a call people are told; None where it is none."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if isinstance(call.func, ast.Attribute) and name == "add":
        return FAULTS["faults.add"] if getattr(call.func.value, "id", "") == "faults" else None
    if name == "Fault" and len(call.args) > FAULTS[name]:
        return FAULTS[name]
    return 0 if name in REFUSALS else FAULTS.get(name)


def _texts(node: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for parts in product(*(_alternatives(part, named) for part in node.values)):
            yield "".join(parts)
    elif isinstance(node, ast.Name):
        for value in named.get(node.id, ()):
            if not isinstance(value, ast.Name):
                yield from _texts(value, named)


def _alternatives(part: ast.expr, named: dict[str, list[ast.expr]]) -> list[str]:
    """What may stand in one place of an f-string: its text, a parameter, or each of the words it is taken from."""
    if isinstance(part, ast.Constant):
        return [str(part.value)]
    assert isinstance(part, ast.FormattedValue)
    value = part.value
    if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
        tables = [table for table in named.get(value.value.id, ()) if isinstance(table, ast.Dict)]
        return [text for table in tables for word in table.values for text in _texts(word, named)]
    if isinstance(value, ast.Call) and value.args:  # the length of something
        value = value.args[0]
    return ["{" + (value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "number")) + "}"]


def _schema_texts() -> Iterator[str]:
    """What marshmallow says of the kinds of fields and validators that contracts use, and of forms."""
    yield from map(str, marshmallow.Schema._default_error_messages.values())
    for cls in (
        fields.Field, fields.Nested, fields.List, fields.String, fields.UUID, fields.Integer, fields.Boolean,
        fields.Date, fields.DateTime, fields.Mapping, fields.Email,
    ):  # fmt: skip
        yield from map(str, cls.default_error_messages.values())
    for name in ("message_all", "message_equal", "message_max", "message_min"):
        yield getattr(validate.Length, name)
    yield validate.OneOf.default_message
    # a range puts its words together at run time
    least, most = validate.Range.message_gte, validate.Range.message_lte
    yield f"Must be {least} {{min}} and {most} {{max}}."
    yield f"Must be {least} {{min}}."
    yield f"Must be {most} {{max}}."


if __name__ == "__main__":
    update()
