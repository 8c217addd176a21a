"""Column types that mean the same on SQLite and PostgreSQL."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

W = TypeVar("W", bound=StrEnum)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, to the microsecond: aware `datetime` in, aware `datetime` in UTC out.

    A naive datetime is refused (`ValueError`, inside SQLAlchemy's `StatementError`); an aware one in
    another zone is stored as the instant it names. PostgreSQL keeps `TIMESTAMP WITH TIME ZONE`. SQLite
    keeps whole microseconds since 1970: exact, eight bytes in every index that has a time in it (text
    takes 27), and ordered by number, so no difference in formatting can ever disturb a comparison.
    To read one by hand: `select datetime(at / 1000000, 'unixepoch')`.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the database's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse what is not an instant, and store the rest in UTC."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise TypeError(f"a moment is a datetime, not {type(value).__name__}")
        if value.utcoffset() is None:
            raise ValueError(
                "a moment needs its zone: this datetime is naive. Take the time from the clock, "
                "or say which zone it is in before it reaches the store."
            )
        if dialect.name == "sqlite":
            return (value - _EPOCH) // _MICROSECOND
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant, aware and in UTC."""
        return self.result_processor(dialect, None)(value)

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None]:
        """Return what reads one; without SQLAlchemy's own layers between, for each row has several."""
        return _read_microseconds if dialect.name == "sqlite" else _read_in_utc


@lru_cache(maxsize=4096)
def _read_microseconds(value: int | None) -> datetime | None:
    """An instant from SQLite; remembered, for the rows of a set have many in common."""
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def _read_in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Any JSON value, kept as text; `None` is SQL's NULL.

    Text and not JSONB: PostgreSQL would reorder keys and refuse `\\u0000`. Everything beyond ASCII is
    escaped because half a surrogate pair, which chat platforms do send, is a valid Python string that
    neither driver can encode. Not a number (NaN) and what JSON has no word for are refused
    (`ValueError`, `TypeError`).
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """Write the value as JSON."""
        if value is None:
            return None
        return json.dumps(value, allow_nan=False, separators=(",", ":"))

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        """Read the value back: new objects at every read."""
        return _read_json(value)

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[Any], Any]:
        """Return what reads one; without SQLAlchemy's own layers between."""
        return _read_json


def _read_json(value: str | None) -> Any:
    return None if value is None else json.loads(value)


class EnumText(TypeDecorator[W], Generic[W]):
    """A member of a `StrEnum`, kept as its own text: `Column("state", Word(State))`.

    Neither a native enum nor a CHECK: a new word must not need a migration. A word the code does not
    know is refused in both directions (`ValueError`), so a typing mistake cannot settle in a table.
    """

    impl = Text
    cache_ok = True

    def __init__(self, words: type[W]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: W | str | None, _dialect: Dialect) -> str | None:
        """Accept a member, or the text of one."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, _dialect: Dialect) -> W | None:
        """Return the member."""
        return self._read(value)

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[Any], W | None]:
        """Return what reads one; without SQLAlchemy's own layers between."""
        return self._read

    def _read(self, value: str | None) -> W | None:
        return None if value is None else self.words(value)
