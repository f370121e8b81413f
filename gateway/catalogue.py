"""Every text that people read, found in the code, and the catalogues of its translations.

`python -m gateway.catalogue` takes new texts into `translations/*/LC_MESSAGES/messages.po` and compiles them; a
text without a translation fails a test.
"""

from __future__ import annotations

import ast
import inspect
import io
from collections.abc import Iterator
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
) | {"BadRequest", "PreconditionRequired", "UnsupportedMediaType", "missing", "gettext", "lazy_gettext"}
_LANGUAGES: Final = ("ru",)


def messages() -> dict[str, str]:
    """Text → where it stands, of everything that people may be told."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for text in texts_of(path.read_text()):
                found.setdefault(text, str(path.relative_to(ROOT)))
    for text in _schema_texts():
        found.setdefault(text, "marshmallow")
    for name, _line, extracted, *_ in extract_from_dir(
        str(Path(__file__).parent / "templates"), method_map=[("**.html", "jinja2")]
    ):
        for each in (extracted,) if isinstance(extracted, str) else extracted:
            found.setdefault(each, f"gateway/templates/{name}")
    return found


def texts_of(source: str) -> Iterator[str]:
    """What a module tells people: the first arguments of refusals, literal or constants of the module."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in REFUSALS and node.args:
            yield from _text(node.args[0], constants)
        elif isinstance(node, ast.Call) and _name(node.func) == "FieldFault" and len(node.args) > 2:
            yield from _text(node.args[2], constants)


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
        with _path(language).open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
        _path(language).with_suffix(".mo").write_bytes(compiled(translated(language)))


def _path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.Name) and node.id in constants:
        yield constants[node.id]


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
