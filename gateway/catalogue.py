"""The catalogues of translations: every text for people, which Babel finds in the code.

`python -m gateway.catalogue` adds new texts to `translations/*/LC_MESSAGES/messages.po` and compiles the catalogues.
A text without a translation fails a test.
"""

from __future__ import annotations

import inspect
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

import marshmallow
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from marshmallow import fields, validate

from contracts import SERVICES, interfaces
from kernel import errors
from kernel.fields import UNSEEN
from kernel.schema_texts import templates_of

ROOT: Final = Path(__file__).parents[1]
TRANSLATIONS: Final = Path(__file__).parent / "translations"
PACKAGES: Final = ("contracts", "gateway", "kernel", "services")
#: The files of a package that hold texts → Babel's extraction method. `readers/` say everything in both languages.
_FILES: Final = [("**/readers/**.py", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
#: Classes of errors whose first argument is a text for people.
FAILURES: Final = frozenset(
    name for name, cls in vars(errors).items() if inspect.isclass(cls) and issubclass(cls, errors.LyceumError)
)
#: Other calls with a text for people → the position of that argument, from 1.
OTHERS: Final = {
    **dict.fromkeys(("BadRequest", "LengthRequired", "PreconditionRequired", "UnsupportedMediaType"), 1),
    **dict.fromkeys(("Text", "gettext", "lazy_gettext"), 1),
    "FieldFault": 3,
    "Refusal": 3,
}
#: Call → the position of its text for people.
PLACES: Final[Mapping[str, int]] = {**dict.fromkeys(FAILURES, 1), **OTHERS}
_KEYWORDS: Final = {name: (place,) for name, place in PLACES.items()} | {"_": None, "ngettext": (1, 2)}
_LANGUAGES: Final = ("ru",)


def messages() -> dict[str, str]:
    """Every text for people → the file that it stands in."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for name, _line, extracted, *_ in extract_from_dir(str(ROOT / package), _FILES, keywords=_KEYWORDS):
            for text in (extracted,) if isinstance(extracted, str) else extracted:
                found.setdefault(text, f"{package}/{name}")
    for text in _schema_texts():
        found.setdefault(text, "elsewhere")
    return found


def translated(language: str) -> Catalog:
    """The catalogue of a language, read from its `.po` file."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue in the format of `.mo` files."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def update() -> None:
    """Add new texts to every catalogue, drop those that are gone, and compile."""
    template = Catalog(charset="utf-8")
    for text, where in messages().items():
        template.add(text, locations=[(where, 0)])
    for language in _LANGUAGES:
        catalogue = translated(language) if _path(language).exists() else Catalog(locale=language)
        written = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.creation_date = written  # without new texts the file stays the same
        catalogue.obsolete.clear()
        with _path(language).open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
        _path(language).with_suffix(".mo").write_bytes(compiled(translated(language)))


def _path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def _schema_texts() -> Iterator[str]:
    """The messages of the fields and validators that contracts use: marshmallow's, and the contracts' own."""
    yield from marshmallow.Schema().error_messages.values()
    yield UNSEEN
    for kind in (
        fields.Nested(marshmallow.Schema),
        fields.List(fields.String()),
        fields.String(),
        fields.UUID(),
        fields.Integer(),
        fields.Boolean(),
        fields.Date(),
        fields.DateTime(),
        fields.Dict(),
        fields.Email(),
        fields.Integer(validate=[validate.Range(0), validate.Range(max=1), validate.Length(), validate.OneOf(())]),
    ):
        yield from templates_of(kind)
    for owner in SERVICES:
        for method in chain.from_iterable(one.methods() for one in interfaces(owner)):
            yield from chain.from_iterable(map(templates_of, method.command.fields.values()))


if __name__ == "__main__":
    update()
