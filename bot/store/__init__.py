"""The store: where everything that Tilth remembers is kept, on SQLite or PostgreSQL."""

from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert, upsert
from bot.store.errors import (
    AlreadyRunning,
    SchemaTooNew,
    SchemaTooOld,
    StoreBroken,
    StoreClosed,
    StoreFault,
    StoreRefused,
    StoreUnavailable,
    WriteUnclear,
)
from bot.store.schema import metadata
from bot.store.store import Query, Store
from bot.store.types import EnumText, Json, UtcDateTime
from bot.store.writer import Work

__all__ = [
    "AlreadyRunning",
    "CompiledStatement",
    "EnumText",
    "Json",
    "Query",
    "SchemaTooNew",
    "SchemaTooOld",
    "Store",
    "StoreBroken",
    "StoreClosed",
    "StoreFault",
    "StoreRefused",
    "StoreUnavailable",
    "UtcDateTime",
    "Work",
    "WriteUnclear",
    "insert",
    "metadata",
    "upsert",
]
