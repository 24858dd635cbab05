"""Statements whose SQL is made once: written in SQLAlchemy Core, run straight on the driver."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Column, Delete, Dialect, Executable, Insert, Text, Update, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import NullType

from gateway.store.schema import metadata

Parameters = Mapping[str, Any]
PLACES = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
"""In which order tables are written: each after those that it points to."""
VERBS = (Delete, Insert, Update)
"""In which order a table is written: what goes makes room for what comes."""


class Prepared:
    """A statement whose SQL is made once for each kind of database; its parameters are given by name."""

    def __init__(self, statement: Executable) -> None:
        self._statement: Any = statement
        self._made: dict[str, tuple[str, Parameters]] = {}
        self.place = self._place()
        self.row: Any = self._row()

    def sql(self, dialect: Dialect) -> tuple[str, Parameters]:
        """The SQL, and the parameters that are always the same."""
        made = self._made.get(dialect.name)
        if made is None:
            named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
            compiled = self._statement.compile(dialect=named)
            fixed = {name: value for name, value in compiled.params.items() if value is not None}
            made = self._made[dialect.name] = (str(compiled), fixed)
        return made

    def _row(self) -> Any:
        """What makes a row of what the driver gives, its columns by name."""
        if not self._statement.is_select:
            return None
        return namedtuple("Row", self._statement.selected_columns.keys())  # noqa: PYI024 - made of what is selected

    def _place(self) -> tuple[int, int]:
        for at, verb in enumerate(VERBS):
            if isinstance(self._statement, verb):
                return (PLACES[str(self._statement.table)], at)
        return (-1, -1)


class Among(ColumnElement[Any]):
    """Whether a column has one of the values of a list that is a single parameter (see ``Session.listed``)."""

    inherit_cache = False
    type = NullType()  # SQLite has no booleans: one would be compared with 1, and the index not be used

    def __init__(self, column: Column[Any], name: str) -> None:
        self.column, self.name = column, name


@compiles(Among)
def _in_json(element: Among, compiler: SQLCompiler, **_: Any) -> str:
    values = compiler.process(bindparam(element.name, type_=Text()))
    return f"{compiler.process(element.column)} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - names of ours


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: SQLCompiler, **_: Any) -> str:
    values = compiler.process(bindparam(element.name, type_=ARRAY(Text())))
    return f"{compiler.process(element.column)} = ANY ({values})"


class InRows(ColumnElement[Any]):
    """Whether the columns of a key have the values of a row of a list that is a single parameter (see ``Session.listed_rows``)."""

    inherit_cache = False
    type = NullType()

    def __init__(self, columns: Sequence[Column[Any]], name: str) -> None:
        self.columns, self.name = columns, name


@compiles(InRows)
def _in_json_rows(element: InRows, compiler: SQLCompiler, **_: Any) -> str:
    values = compiler.process(bindparam(element.name, type_=Text()))
    columns = ", ".join(compiler.process(each) for each in element.columns)
    cells = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(element.columns)))
    return f"({columns}) IN (SELECT {cells} FROM json_each({values}))"  # noqa: S608 - names of ours


@compiles(InRows, "postgresql")
def _in_jsonb_rows(element: InRows, compiler: SQLCompiler, **_: Any) -> str:
    values = compiler.process(bindparam(element.name, type_=Text()))
    columns = ", ".join(compiler.process(each) for each in element.columns)
    cells = ", ".join(f"wanted ->> {at}" for at in range(len(element.columns)))
    return f"({columns}) IN (SELECT {cells} FROM jsonb_array_elements(CAST({values} AS jsonb)) AS wanted)"  # noqa: S608 - names of ours


class Said(ColumnElement[Any]):
    """What a column with a JSON object says under a name; nothing where the column is empty."""

    inherit_cache = False
    type = NullType()

    def __init__(self, column: Column[Any], name: str) -> None:
        self.column, self.name = column, name


@compiles(Said)
def _extracted(element: Said, compiler: SQLCompiler, **_: Any) -> str:
    return f"json_extract(nullif({compiler.process(element.column)}, ''), '$.{element.name}')"


@compiles(Said, "postgresql")
def _picked(element: Said, compiler: SQLCompiler, **_: Any) -> str:
    return f"(CAST(nullif({compiler.process(element.column)}, '') AS json) ->> '{element.name}')"
