"""Questions that stand before almost every page: written once by SQLAlchemy, then carried out by the driver itself.

Finding its own text of a statement again, and wrapping each answer, costs SQLAlchemy three times what SQLite needs for
such a question. A `Prepared` keeps the text for each engine; values go in and come out through the same column types.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

Convert = Callable[[Any], Any]


class Prepared:
    """A question with named values. It reads only, and belongs to the transaction of the session it is given."""

    def __init__(self, question: Select[*tuple[Any, ...]]) -> None:
        self.question = question
        self._texts: dict[str, _Text] = {}

    def ask(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """The answer, row by row in the order of the question's columns."""
        connection = session.connection()
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _Text(self.question, dialect, values)
        try:
            rows = _fetched(connection, text.sql, text.given(values))
        except dialect.loaded_dbapi.Error:
            # What goes wrong, goes wrong in the usual way: told as SQLAlchemy's own fault, a lost connection given up.
            return [tuple(row) for row in connection.execute(self.question, values)]
        return text.taken(rows)


def _fetched(connection: Connection, sql: str, given: Any) -> list[tuple[Any, ...]]:
    cursor = connection.connection.cursor()
    try:
        # Whoever counts statements counts these too.
        connection.dispatch.before_cursor_execute(connection, cursor, sql, given, None, False)
        cursor.execute(sql, given)
        return cursor.fetchall()  # type: ignore[return-value]
    finally:
        cursor.close()


class RefText(UserDefinedType[str]):
    """A `ref` as it stands in an address, read as text: for lists, where making forty UUIDs costs more than the rows.

    For columns in the answer of a question: `type_coerce(Resident.ref, RefText)`.
    """

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None]:
        return _with_dashes if dialect.name == "sqlite" else _as_text


def _with_dashes(digits: str | None) -> str | None:
    return digits and f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _as_text(ref: object) -> str | None:
    return None if ref is None else str(ref)


class _Text:
    """The question as one engine understands it."""

    def __init__(self, question: Select[*tuple[Any, ...]], dialect: Dialect, example: dict[str, Any]) -> None:
        written: Any = question.compile(dialect=dialect)
        text = written.construct_expanded_state(example)
        self.sql: str = text.statement
        self.names: Sequence[str] | None = text.positiontup
        # Those of the values asked with, and those of the lists written out in the text.
        self.into: Mapping[str, Convert] = {**written._bind_processors, **text.processors}  # noqa: SLF001
        # What the question itself holds. The example's values are not kept: everyone asks with her own.
        own = {name: value for name, value in text.parameters.items() if name not in example}
        self.fixed = {name: self.into[name](value) if name in self.into else value for name, value in own.items()}
        self.out: list[tuple[int, Convert]] = [
            (place, convert)
            for place, column in enumerate(question.selected_columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def given(self, values: dict[str, Any]) -> Any:
        converted = {name: self.into[name](value) if name in self.into else value for name, value in values.items()}
        every = {**self.fixed, **converted}
        return every if self.names is None else [every[name] for name in self.names]

    def taken(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Column by column: most need nothing done, and the rest is one call of C for all rows."""
        if not rows:
            return []
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, convert in self.out:
            columns[place] = map(convert, columns[place])
        return list(zip(*columns, strict=True))
