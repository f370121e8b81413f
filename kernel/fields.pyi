"""The types of the values that the fields of `fields.py` load; with `allow_none=True` they include None."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar, overload

NO_OFFSET: str
UNSEEN: str

class _Check(Protocol):
    def __call__(self, value: Any, /) -> Any: ...

_Checks = _Check | Sequence[_Check]
_Metadata = Mapping[str, Any]
_T = TypeVar("_T")

@overload
def UUID(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> uuid.UUID | None: ...
@overload
def UUID(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> uuid.UUID: ...
@overload
def Str(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> str | None: ...
@overload
def Str(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> str: ...
@overload
def Email(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> str | None: ...
@overload
def Email(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> str: ...
@overload
def Float(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> float | None: ...
@overload
def Float(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> float: ...
@overload
def Int(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> int | None: ...
@overload
def Int(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> int: ...
@overload
def Bool(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> bool | None: ...
@overload
def Bool(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> bool: ...
@overload
def Date(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> datetime.date | None: ...
@overload
def Date(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> datetime.date: ...
@overload
def DateTime(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> datetime.datetime | None: ...
@overload
def DateTime(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> datetime.datetime: ...
@overload
def Moment(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> datetime.datetime | None: ...
@overload
def Moment(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> datetime.datetime: ...
@overload
def Dict(
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> dict[str, Any] | None: ...
@overload
def Dict(
    *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> dict[str, Any]: ...
def List(
    inner: _T, *, required: bool = ..., load_default: Any = ..., validate: _Checks = ..., metadata: _Metadata = ...
) -> list[_T]: ...
@overload
def Nested(
    nested: type[_T],
    *,
    allow_none: Literal[True],
    required: bool = ...,
    load_default: Any = ...,
    metadata: _Metadata = ...,
) -> _T | None: ...
@overload
def Nested(nested: type[_T], *, required: bool = ..., load_default: Any = ..., metadata: _Metadata = ...) -> _T: ...
def Raw(
    *,
    required: bool = ...,
    allow_none: bool = ...,
    load_default: Any = ...,
    validate: _Checks = ...,
    metadata: _Metadata = ...,
) -> Any: ...
