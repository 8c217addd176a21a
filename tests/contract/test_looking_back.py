"""What an adapter finds in a thread or direct message afterwards: everything, or an honest "I may not look"."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.cards import say
from bot.chat.port import History, HistoryUnavailable

ASK = say("What did you notice?")
MARK = "prompt-s1"


async def thread_of_talk(here):
    """A thread of the bot with one message kept, one edited, one deleted; a minute between any two."""
    root = await here.adapter.post(here.place(), ASK, MARK)
    thread = await here.adapter.thread(here.place(), root, "Answers")
    ids = {}
    for who, text in (("ada", "The caretaker."), ("ben", "The bus."), ("cleo", "The lift.")):
        here.clock.advance(timedelta(minutes=1))
        ids[who] = await here.room.say(who, "c1", text, thread=root)
    here.clock.advance(timedelta(minutes=1))
    await here.room.edit("ben", ids["ben"], "The bus driver.")
    await here.room.erase("cleo", ids["cleo"])
    return root, thread, ids


async def test_the_whole_thread_is_read_as_it_stands_now(here):
    root, thread, ids = await thread_of_talk(here)
    history = await here.adapter.history(thread, None)
    assert isinstance(history, History)
    assert history.complete
    first, *rest = [one for one in history.messages if not one.deleted]
    assert (first.id, first.own, first.marker) == (root, True, MARK)
    assert first.place.channel == thread.channel
    assert [(one.id, one.author, one.text, one.place) for one in rest] == [
        (ids["ada"], here.person("ada"), "The caretaker.", thread),
        (ids["ben"], here.person("ben"), "The bus driver.", thread),
    ]
    assert rest[0].version == rest[0].at
    assert rest[1].version > rest[1].at
    assert not any(one.id == ids["cleo"] and one.text for one in history.messages)


async def test_history_tells_exactly_what_was_told_live(here):
    _root, thread, ids = await thread_of_talk(here)
    history = await here.adapter.history(thread, None)
    assert isinstance(history, History)
    live = {one.id: one for one in here.door.messages if not one.deleted}
    again = {one.id: one for one in history.messages if not one.own and not one.deleted}
    assert {id: again[id] for id in (ids["ada"], ids["ben"])} == {
        id: live[id] for id in (ids["ada"], ids["ben"])
    }


async def test_only_what_came_since_then_is_read_and_the_root_is_always_among_it(here):
    root, thread, ids = await thread_of_talk(here)
    since = here.clock.now()
    here.clock.advance(timedelta(minutes=1))
    new = await here.room.say("mo", "c1", "Thank you all.", thread=root)
    history = await here.adapter.history(thread, since)
    assert isinstance(history, History)
    found = [one.id for one in history.messages if not one.deleted]
    assert found[0] == root
    assert new in found
    assert ids["ada"] not in found


async def test_a_long_thread_is_read_to_its_end(here):
    root = await here.adapter.post(here.place(), ASK, MARK)
    thread = await here.adapter.thread(here.place(), root, "Answers")
    for number in range(230):
        await here.room.say(("ada", "ben", "cleo")[number % 3], "c1", f"Answer {number}", thread=root)
    history = await here.adapter.history(thread, None)
    assert isinstance(history, History)
    assert history.complete
    assert [one.text for one in history.messages[1:]] == [f"Answer {number}" for number in range(230)]


async def test_a_direct_message_is_read_with_both_sides(here):
    direct = await here.adapter.direct(here.room.space, here.room.id_of("ada"))
    mine = await here.adapter.post(direct, ASK, MARK)
    here.clock.advance(timedelta(minutes=1))
    theirs = await here.room.direct("ada", "The caretaker.")
    history = await here.adapter.history(direct, None)
    assert isinstance(history, History)
    assert history.complete
    assert [(one.id, one.own, one.text if not one.own else "") for one in history.messages] == [
        (mine, True, ""),
        (theirs, False, "The caretaker."),
    ]
    assert history.messages[1].place == direct
    assert history.messages[1].author == here.person("ada")


async def test_without_its_root_a_thread_is_never_called_complete(here):
    root, thread, _ids = await thread_of_talk(here)
    await here.adapter.delete(here.place(), root)
    history = await here.adapter.history(thread, None)
    if isinstance(history, History) and history.complete:
        first = history.messages[0]
        assert (first.id, first.deleted) == (root, True), "a tombstone stands for it"


async def test_a_thread_that_never_was_is_invisible_and_not_empty(here):
    line = await here.post(ASK)
    await here.adapter.delete(here.place(), line.id)
    nowhere = await here.adapter.history(here.place("c1", line.id), None)
    assert isinstance(nowhere, HistoryUnavailable) or not nowhere.complete or nowhere.messages[0].deleted


async def test_what_may_not_be_looked_at_is_invisible_and_never_empty(here):
    _root, thread, _ids = await thread_of_talk(here)
    here.room.hide_history(True)
    await here.room.settle()
    assert isinstance(await here.adapter.history(thread, None), HistoryUnavailable)
    assert isinstance(
        await here.adapter.find(here.place(), MARK, here.clock.now() - timedelta(days=1)), HistoryUnavailable
    )
    here.room.hide_history(False)
    await here.room.settle()
    history = await here.adapter.history(thread, None)
    assert isinstance(history, History)
    assert history.complete
