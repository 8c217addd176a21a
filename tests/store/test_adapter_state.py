"""A shelf keeps small documents for an adapter."""

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import StatementError

from bot.store import Store
from bot.store.adapter_state import StoredAdapterState, shelf


@pytest.fixture
def shelves(database_url: str) -> Iterator[Store]:
    with Store.open(database_url) as store:
        store.write_now(shelf.create)
        yield store


async def test_what_is_put_is_there_after_a_restart_sorted_by_key(shelves: Store, database_url: str):
    await StoredAdapterState(shelves, "playground").put(
        {"b": [1, None], "a": {"words": "naïve 🌱"}, "Z": None}
    )
    with Store.open(database_url) as again:
        loaded = await StoredAdapterState(again, "playground").load()
    assert list(loaded.items()) == [("Z", None), ("a", {"words": "naïve 🌱"}), ("b", [1, None])]


async def test_putting_replaces_and_removing_takes_away(shelves: Store):
    keep = StoredAdapterState(shelves, "playground")
    await keep.put({"a": 1, "b": 2, "c": 3})
    await keep.put({"a": 10})
    await keep.remove(["b", "never there"])
    assert keep.load_now() == {"a": 10, "c": 3}


async def test_shelves_do_not_see_each_other(shelves: Store):
    await StoredAdapterState(shelves, "one").put({"a": 1})
    await StoredAdapterState(shelves, "two").put({"a": 2})
    await StoredAdapterState(shelves, "two").remove(["a"])
    assert StoredAdapterState(shelves, "one").load_now() == {"a": 1}
    assert StoredAdapterState(shelves, "two").load_now() == {}


async def test_nothing_to_do_is_no_error(shelves: Store):
    await StoredAdapterState(shelves, "one").put({})
    await StoredAdapterState(shelves, "one").remove([])
    assert await StoredAdapterState(shelves, "one").load() == {}


async def test_all_documents_are_kept_or_none(shelves: Store):
    with pytest.raises(StatementError):
        await StoredAdapterState(shelves, "one").put({"a": 1, "b": {1, 2}})
    assert StoredAdapterState(shelves, "one").load_now() == {}
