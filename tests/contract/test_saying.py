"""What an adapter says and takes back, and that saying it twice changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.canvas import CanvasChange, CanvasLine, LineKind
from bot.chat.cards import File, Picture, say
from bot.chat.port import (
    CANVAS_GONE,
    CalendarEvent,
    CredentialsRejected,
    HistoryUnavailable,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)
from tests.contract.door import CARD

ASK, AGAIN = say("What did you notice?"), say("What did you notice today?")
LONG_AGO = timedelta(days=1)
MARK = "prompt-s1-2026W40-abcdef0"


async def found(here, marker: str, place=None, since=None):
    return await here.adapter.find(place or here.place(), marker, since or here.clock.now() - LONG_AGO)


async def test_a_post_is_seen_by_everybody_and_found_by_its_marker(here):
    id = await here.adapter.post(here.place(), ASK, MARK)
    for who in ("ada", "ben", None):
        line = here.line(id, who)
        assert (line.text, line.own, line.private) == ("What did you notice?", True, False)
    assert await found(here, MARK) == (id,)
    assert await found(here, MARK[:-1]) == ()
    assert await found(here, "other") == ()
    assert MARK not in here.line(id).text


async def test_a_post_in_a_thread_and_in_a_direct_message_is_found_there(here):
    root = await here.post(ASK)
    thread = await here.adapter.thread(here.place(), root.id, "Answers")
    direct = await here.adapter.direct(here.room.space, here.room.id_of("ada"))
    inside = await here.adapter.post(thread, say("Inside."), "inside")
    alone = await here.adapter.post(direct, say("Alone."), "alone")
    assert await found(here, "inside", thread) == (inside,)
    assert await found(here, "alone", direct) == (alone,)
    assert here.line(inside, "ben", thread=root.id).text == "Inside."
    assert [one.text for one in here.room.inbox("ada")] == ["Alone."]
    assert here.room.inbox("ben") == []


async def test_only_what_was_said_since_then_is_found(here):
    await here.adapter.post(here.place(), ASK, MARK)
    here.clock.advance(timedelta(hours=2))
    assert await found(here, MARK, since=here.clock.now() - timedelta(hours=1)) == ()


async def test_two_posts_with_one_marker_are_both_found_oldest_first_among_many_others(here):
    first = await here.adapter.post(here.place(), ASK, MARK)
    for number in range(12):
        here.clock.advance(timedelta(seconds=30))
        await here.room.say("ada", "c1", f"Talk {number}.")
    second = await here.adapter.post(here.place(), AGAIN, MARK)
    # A platform may refuse to say the same thing twice; then it names the first.
    assert await found(here, MARK) == tuple(dict.fromkeys((first, second)))


async def test_an_update_replaces_the_words_keeps_the_marker_and_may_be_repeated(here):
    id = await here.adapter.post(here.place(), ASK, MARK)
    for _ in range(2):
        await here.adapter.update(here.place(), id, AGAIN)
        assert here.line(id).text == "What did you notice today?"
    assert await found(here, MARK) == (id,)
    assert len(here.own()) == 1


async def test_an_update_may_bring_buttons_and_take_them_away(here):
    line = await here.post(CARD)
    assert line.buttons == ("Words", "Things", "Do it", "Read")
    assert [(one.label, one.options, one.chosen) for one in line.selects] == [
        ("Help", ("Full", "Half"), "Half")
    ]
    await here.adapter.update(here.place(), line.id, ASK)
    assert (here.line(line.id).buttons, here.line(line.id).selects) == ((), ())
    await here.adapter.update(here.place(), line.id, CARD)
    assert here.line(line.id).buttons == line.buttons


async def test_an_update_of_what_is_gone_is_refused(here):
    line = await here.post(ASK)
    await here.adapter.delete(here.place(), line.id)
    with pytest.raises(Rejected):
        await here.adapter.update(here.place(), line.id, AGAIN)


async def test_a_deletion_may_be_repeated(here):
    id = await here.adapter.post(here.place(), ASK, MARK)
    await here.adapter.delete(here.place(), id)
    await here.adapter.delete(here.place(), id)
    assert here.own() == []
    assert await found(here, MARK) == ()


async def test_a_thread_is_the_same_thread_every_time(here):
    line = await here.post(ASK)
    first = await here.adapter.thread(here.place(), line.id, "Answers")
    second = await here.adapter.thread(here.place(), line.id, "Answers, renamed")
    assert first == second == here.place("c1", line.id)
    inside = await here.post_in(first, say("Inside."))
    assert inside.thread == line.id


async def test_a_direct_message_is_the_same_place_every_time(here):
    ada = here.room.id_of("ada")
    first = await here.adapter.direct(here.room.space, ada)
    assert first == await here.adapter.direct(here.room.space, ada)
    assert first.private
    assert first.thread is None
    assert first != await here.adapter.direct(here.room.space, here.room.id_of("ben"))


async def test_a_private_card_is_seen_by_one_person_only(here):
    root = await here.post(ASK)
    thread = await here.adapter.thread(here.place(), root.id, "Answers")
    await here.adapter.private(here.place(), here.room.id_of("ada"), say("In the room, for Ada."))
    await here.adapter.private(thread, here.room.id_of("ada"), say("In the thread, for Ada."))
    await here.room.settle()

    def seen(who: str) -> list[str]:
        lines = here.own(who) + here.own(who, thread=root.id) + here.room.inbox(who)
        return [one.text for one in lines if one.id != root.id]

    assert seen("ada") == ["In the room, for Ada.", "In the thread, for Ada."]
    assert seen("ben") == []


async def test_a_private_card_in_a_direct_message_is_an_ordinary_message(here):
    direct = await here.adapter.direct(here.room.space, here.room.id_of("ada"))
    await here.adapter.private(direct, here.room.id_of("ada"), say("Between us."))
    [line] = here.room.inbox("ada")
    assert line.text == "Between us."


async def test_pictures_and_files_arrive_with_their_words(here):
    png = next(b.png for b in _every_block() if isinstance(b, Picture))
    card = say("Two things.", Picture(png, "A single gray dot"), File("notes.txt", b"two words", "Notes"))
    line = await here.post(card)
    assert dict(line.files) == {"notes.txt": b"two words"}
    assert line.pictures == (png,)
    assert "A single gray dot" in line.text
    await here.adapter.private(here.place(), here.room.id_of("ada"), card)
    await here.room.settle()
    mine = [one for one in here.own("ada") + here.room.inbox("ada") if one.id != line.id]
    assert any(dict(one.files) == {"notes.txt": b"two words"} for one in mine)
    assert [one.id for one in here.own("ben")] == [line.id]


def _every_block():
    from bot.chat.card_examples import examples

    return examples()[0].blocks


async def test_a_link_opens_the_message(here):
    line = await here.post(ASK)
    link = await here.adapter.link(here.place(), line.id)
    if here.room.platform == "local":
        assert link is None, "no page is served here"
    else:
        assert link is not None
        assert link.startswith("https://")
        assert line.id.replace(".", "") in link


async def test_pins_come_and_go_and_may_be_repeated(here):
    line = await here.post(ASK)
    for pinned in (True, True, False, False):
        await here.adapter.pin(here.place(), line.id, pinned=pinned)
        assert here.room.pinned("c1") == ([line.id] if pinned else [])
    await here.room.settle()
    assert [one.id for one in here.room.look("ada", "c1")] == [line.id], (
        "nobody is told that something was pinned"
    )


async def test_a_thread_is_closed_and_opened_again_and_can_be_read_meanwhile(here):
    line = await here.post(ASK)
    thread = await here.adapter.thread(here.place(), line.id, "Answers")
    await here.room.say("ada", "c1", "The caretaker.", thread=line.id)
    locks = here.room.platform != "slack"
    for closed in (True, True, False, False):
        await here.adapter.close(thread, closed=closed)
        assert here.room.closed("c1", line.id) is (closed and locks)
        history = await here.adapter.history(thread, None)
        assert not isinstance(history, HistoryUnavailable)
        assert [one.text for one in history.messages if not one.own] == ["The caretaker."]


async def test_something_people_come_to_is_listed_changed_and_called_off(here):
    starts = here.clock.now() + timedelta(days=3)
    plan = CalendarEvent(
        "Open evening", "Come and see.", starts, starts + timedelta(hours=1), "https://example.org/room"
    )
    known = await here.adapter.put_event(here.room.space, plan, None)
    if known is None:
        assert here.room.gatherings() == []
        await here.adapter.cancel_event(here.room.space, "nothing")
        return
    assert here.room.gatherings() == [plan]
    later = CalendarEvent(
        "Open evening", "Come late.", starts + timedelta(hours=1), starts + timedelta(hours=2), "Hall 3"
    )
    assert await here.adapter.put_event(here.room.space, later, known) == known
    assert here.room.gatherings() == [later]
    await here.adapter.cancel_event(here.room.space, known)
    await here.adapter.cancel_event(here.room.space, known)
    assert here.room.gatherings() == []


# ── what can go wrong ─────────────────────────────────────────────────────────


async def test_a_place_carries_one_canvas_or_none_at_all(here):
    if here.adapter.platform == "slack":
        here.room.slack.manifest.scopes |= {"canvases:read", "canvases:write"}
    note = CanvasLine(LineKind.TEXT, "Change a line here.")
    lines = (CanvasLine(LineKind.TITLE, "Plan of North"), note, CanvasLine(LineKind.OPEN, "Buy tea"))
    canvas = await here.adapter.open_canvas(here.place(), lines)
    assert await here.adapter.open_canvas(here.place(), lines) == canvas
    if canvas is None:
        with pytest.raises(Rejected, match=CANVAS_GONE):
            await here.adapter.read_canvas(here.place(), "c1")
        with pytest.raises(Rejected, match=CANVAS_GONE):
            await here.adapter.change_canvas(here.place(), "c1", CanvasChange("discard"))
        return
    read = await here.adapter.read_canvas(here.place(), canvas)
    assert [one.folded for one in read] == [one.folded for one in lines]
    done = CanvasLine(LineKind.DONE, "Buy tea")
    await here.adapter.change_canvas(here.place(), canvas, CanvasChange("replace", read, 2, (done,)))
    assert (await here.adapter.read_canvas(here.place(), canvas))[2].kind is LineKind.DONE
    for _ in range(2):
        await here.adapter.change_canvas(here.place(), canvas, CanvasChange("discard", read))
    with pytest.raises(Rejected, match=CANVAS_GONE):
        await here.adapter.read_canvas(here.place(), canvas)


async def test_a_lost_answer_is_unclear_and_the_message_is_there_once(here):
    here.room.lose_answer()
    with pytest.raises(OutcomeUnknown):
        await here.adapter.post(here.place(), ASK, MARK)
    await here.room.settle()
    assert [one.text for one in here.own()] == ["What did you notice?"]
    assert await found(here, MARK) == (here.own()[0].id,)


async def test_a_call_that_never_arrived_is_unclear_too_and_nothing_is_there(here):
    here.room.break_before()
    with pytest.raises(OutcomeUnknown):
        await here.adapter.post(here.place(), ASK, MARK)
    await here.room.settle()
    assert here.own() == []
    assert await found(here, MARK) == ()


async def test_a_limit_says_how_long_to_wait_and_nothing_has_happened(here):
    here.room.limit(30)
    with pytest.raises(RetryLater) as refused:
        await here.adapter.post(here.place(), ASK, MARK)
    assert refused.value.seconds == pytest.approx(30, abs=2)
    assert here.own() == []


async def test_a_channel_that_is_shut_is_refused_by_name_of_the_reason_and_told_as_trouble(here):
    assert await here.adapter.posting_problem(here.place()) is None
    why = here.room.shut("c1")
    await here.room.settle()
    with pytest.raises(Rejected) as refused:
        await here.adapter.post(here.place(), ASK, MARK)
    assert refused.value.code == why
    assert await here.adapter.posting_problem(here.place()) == why
    here.room.reopen("c1")
    await here.room.settle()
    assert await here.adapter.posting_problem(here.place()) is None
    await here.adapter.post(here.place(), ASK, MARK)


async def test_credentials_that_do_not_hold_lock_the_bot_out(here):
    here.room.lock_out(True)
    with pytest.raises(CredentialsRejected):
        await here.adapter.post(here.place(), ASK, MARK)
    here.room.lock_out(False)
    await here.adapter.post(here.place(), ASK, MARK)
