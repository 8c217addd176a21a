"""The reader and the author of an answer write to each other through the bot, and nobody else can read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.delivery.tables import outbox
from bot.reflections.conversations import limits
from bot.reflections.conversations.tables import private_reply
from tests.stories.stage import staged
from tests.stories.test_linking import link

ANSWER = "By the photocopier, of all places."
ASKED = "Which photocopier? Ours has a queue all morning."
BACK = "The one on the second floor. Come at ten."


@pytest.fixture
async def digest(monday):
    """Ada's answer stands in the digest, with its two buttons; it is Friday noon."""
    await monday.says("ada", ANSWER, thread=monday.prompts()[0])
    await monday.until("2026-10-09 12:00")
    [found] = monday.digests()
    return found


async def writes(stage, who, line, text, button="Reply to Ada Quinn"):
    """Somebody presses Reply and sends the form; what they are shown."""
    form = await stage.presses(who, line, button)
    shown = await stage.fills_in(who, form, text=text)
    await stage.later(seconds=5)
    return shown


def letters(stage, who):
    """The private replies that somebody got."""
    return [one for one in stage.inbox(who) if "private reply" in stage.text(one)]


def letter(stage, who):
    """The only private reply that somebody got."""
    found = letters(stage, who)
    assert len(found) == 1, f"{who} got {len(found)} private replies"
    return found[0]


async def refusal(stage, who, line, button="Reply to Ada Quinn"):
    """Somebody presses Reply and gets no form, but these words."""
    shown = await stage.presses(who, line, button)
    assert not stage.is_form(shown), "a form was opened"
    return stage.text(shown)


async def test_reader_and_author_write_to_each_other_in_both_directions(monday, digest):
    stage = monday
    form = await stage.presses("ben", digest, "Reply to Ada Quinn")
    assert "Only Ada Quinn gets this" in stage.text(form)
    assert "Moderators cannot read it" in stage.text(form)
    shown = await stage.fills_in("ben", form, text=ASKED)
    assert "on its way to Ada Quinn" in stage.text(shown)
    await stage.later(seconds=5)
    got = letter(stage, "ada")
    assert ASKED in stage.text(got)
    assert "Ben Okafor" in stage.text(got), "neither name is hidden"
    assert "Only you and Ben Okafor can read this. Moderators cannot." in stage.text(got)
    await writes(stage, "ada", got, BACK, "Reply")
    back = letter(stage, "ben")
    assert BACK in stage.text(back)
    assert "Ada Quinn" in stage.text(back)
    await writes(stage, "ben", back, "Ten it is.", "Reply")
    assert "Ten it is." in stage.text(letters(stage, "ada")[-1])
    for other in ("cleo", "mo", "ida"):
        assert letters(stage, other) == []
    everybody = "\n".join(stage.text(one) for one in stage.room("mo") + stage.inbox("mo"))
    assert ASKED not in everybody
    assert BACK not in everybody


async def test_what_is_typed_under_the_card_is_a_reply_and_no_answer_to_a_prompt(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    typed = await stage.answers_card("ada", letter(stage, "ada"), BACK)
    await stage.later(seconds=5)
    back = letter(stage, "ben")
    assert BACK in stage.text(back)
    assert await stage.answers() == {"Ada Quinn": ANSWER}
    await stage.edits("ada", typed, "Another floor.")
    await stage.settles()
    assert len(letters(stage, "ben")) == 1, "an edit sends nothing"


async def test_what_is_typed_elsewhere_is_an_answer_and_never_guessed_to_be_a_reply(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    await stage.until("2026-10-12 09:01")  # the next prompt is open
    await stage.writes_to_the_bot("ada", "The stairs.")
    assert "The stairs." in (await stage.answers()).values()
    typed = await stage.answers_card("ada", letter(stage, "ada"), BACK)
    await stage.later(seconds=5)
    assert BACK in stage.text(letter(stage, "ben"))
    told = len(stage.inbox("ada"))
    await stage.edits("ada", typed, "Another floor.")
    await stage.erases("ada", typed)
    await stage.later(hours=3)  # the direct message is re-read: an answer came in it
    assert len(stage.inbox("ada")) == told, "nothing is said to her about it"
    assert len(letters(stage, "ben")) == 1
    assert BACK not in "".join((await stage.answers()).values())


async def test_the_two_buttons_stand_under_what_is_shared_with_a_circle_too(monday):
    stage = monday
    form = await stage.presses("ada", monday.prompts()[0], "Answer or edit")
    await stage.fills_in("ada", form, q0=ANSWER, sharing="moderators")
    await stage.asks("mo", "/reflect read")
    page = stage.last("mo")
    assert {"Thank Ada Quinn", "Reply to Ada Quinn"} <= set(page.buttons)
    assert "You thanked Ada Quinn" in stage.text(await stage.presses("mo", page, "Thank Ada Quinn"))
    await writes(stage, "mo", page, ASKED)
    assert ASKED in stage.text(letter(stage, "ada"))
    await stage.asks("ben", "/my settings")
    for button in ("Thank Ada Quinn", "Reply to Ada Quinn"):
        shown = await stage.forges("ben", page, button)
        assert not stage.is_form(shown)
        assert "is not shared with you now" in stage.text(shown)
    await stage.joins("mo", "Mo Hale")
    assert "is not shared with you now" in await refusal(stage, "mo", page), "a moderator no more"


async def test_either_may_end_it_and_only_they_can_begin_again(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    got = letter(stage, "ada")
    ended = await stage.presses("ada", got, "End conversation")
    assert "The conversation with Ben Okafor has ended" in stage.text(ended)
    assert "has ended" in stage.text(await stage.presses("ada", got, "End conversation")), (
        "twice is as good as once"
    )
    assert "Ada Quinn has ended this conversation" in await refusal(stage, "ben", digest)
    await stage.answers_card("ada", got, BACK)  # whoever ended it writes again, and so begins it again
    await stage.later(seconds=5)
    back = letter(stage, "ben")
    await stage.presses("ben", back, "End conversation")
    assert "Ben Okafor has ended this conversation" in await refusal(stage, "ada", got, "Reply")
    shown = await stage.presses("ada", got, "End conversation")
    assert "Ben Okafor has ended this conversation already" in stage.text(shown)
    await writes(stage, "ben", back, "One more thing.", "Reply")
    assert "One more thing." in stage.text(letters(stage, "ada")[-1])


async def test_a_reply_waits_for_the_end_of_quiet_hours_and_goes_with_the_conversation(monday, digest):
    stage = monday
    await stage.until("2026-10-09 21:00")
    shown = await writes(stage, "ben", digest, ASKED)
    assert "outside their quiet hours and days off" in stage.text(shown)
    await stage.until("2026-10-12 07:55")
    assert letters(stage, "ada") == []
    await stage.until("2026-10-12 08:01")
    got = letter(stage, "ada")
    await stage.until("2026-10-12 21:00")
    await writes(stage, "ada", got, BACK, "Reply")
    assert letters(stage, "ben") == []
    ended = await stage.presses("ben", shown, "End conversation")
    assert "you did not get yet, it is not delivered" in stage.text(ended)
    await stage.until("2026-10-13 12:00")
    assert letters(stage, "ben") == []


async def test_who_has_just_written_gets_the_next_reply_at_once(monday, digest):
    stage = monday
    await stage.until("2026-10-09 16:40")
    await writes(stage, "ben", digest, ASKED)
    await stage.until("2026-10-09 17:20")
    await writes(stage, "ada", letter(stage, "ada"), BACK, "Reply")
    assert BACK in stage.text(letter(stage, "ben"))


@pytest.mark.parametrize("how", ["/my settings direct:no", "stop", "leaves", "erases"])
async def test_who_cannot_be_reached_gets_nothing_and_the_writer_is_told(monday, digest, how):
    stage = monday
    match how:
        case "leaves":
            await stage.leaves("ada")
        case "erases":
            form = await stage.asks("ada", "/my data delete")
            await stage.fills_in("ada", form, word="DELETE")
        case "stop":
            await stage.writes_to_the_bot("ada", "stop")
        case _:
            await stage.asks("ada", how)
    said = await refusal(stage, "ben", digest)
    wanted = (
        "is not shared with you now" if how == "erases" else "I cannot write to Ada Quinn by direct message"
    )
    assert wanted in said
    await stage.settles()
    assert letters(stage, "ada") == []


async def test_a_reply_that_does_not_arrive_comes_back_to_its_writer(monday, digest):
    stage = monday
    await stage.until("2026-10-09 21:00")
    await writes(stage, "ben", digest, ASKED)
    await stage.asks("ada", "/my settings direct:no")
    await stage.until("2026-10-12 08:01")
    assert letters(stage, "ada") == []
    lost = letter(stage, "ben")
    assert "I could not deliver your private reply to Ada Quinn" in stage.text(lost)
    assert ASKED in stage.text(lost)


async def test_an_author_who_does_not_write_back_is_left_in_peace(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    await writes(stage, "ben", digest, "And the stairs?")
    assert "Ada Quinn has not written back yet" in await refusal(stage, "ben", digest)
    await stage.until("2026-10-12 09:01")
    second = stage.prompts()[-1]
    await stage.says("ada", "On the bus.", thread=second)
    await stage.until("2026-10-16 12:00")
    other = stage.digests()[-1]
    assert "has not written back to you about another answer" in await refusal(stage, "ben", other)
    await stage.answers_card("ada", letters(stage, "ada")[0], BACK)
    await stage.later(seconds=5)
    await writes(stage, "ben", digest, "At ten, then.")
    await writes(stage, "ben", other, "Which bus?")
    assert len(letters(stage, "ada")) == 4


async def test_nobody_writes_more_than_a_days_number(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    got = letter(stage, "ada")
    for number in range(limits.PER_DAY):
        await stage.fills_in("ada", await stage.presses("ada", got, "Reply"), text=f"Floor {number}.")
    said = await refusal(stage, "ada", got, "Reply")
    assert "20 private replies in the last 24 hours" in said
    await stage.answers_card("ada", got, "One more.")
    await stage.later(minutes=5)
    assert len(letters(stage, "ben")) == limits.PER_DAY
    await stage.later(hours=24)
    assert stage.is_form(await stage.presses("ada", got, "Reply"))


async def test_a_form_that_is_sent_twice_is_one_reply(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    await writes(stage, "ben", digest, ASKED)
    assert len(letters(stage, "ada")) == 1
    await stage.restarts()
    await stage.settles()
    assert len(letters(stage, "ada")) == 1


async def test_a_long_reply_arrives_whole_and_a_longer_one_is_not_cut(monday, digest):
    stage = monday
    long = ("The queue begins at the door. " * 67)[:2000].strip()
    await writes(stage, "ben", digest, long)
    got = letter(stage, "ada")
    assert long in stage.text(got)
    await stage.answers_card("ada", got, "x" * 2001)
    await stage.later(seconds=5)
    said = stage.text(
        stage.last("ada", channel=got.channel, thread=got if stage.space.startswith("slack") else None)
    )
    assert "2,001 characters and 2,000 fit, so I did not send it" in said
    assert letters(stage, "ben") == []


async def test_a_file_is_not_passed_on_and_its_writer_is_told(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    got = letter(stage, "ada")
    await stage.answers_card("ada", got, BACK, files=("floor.png",))
    await stage.later(seconds=5)
    said = stage.text(
        stage.last("ada", channel=got.channel, thread=got if stage.space.startswith("slack") else None)
    )
    assert "I pass on words, not files" in said
    back = letter(stage, "ben")
    assert "floor.png" not in stage.text(back)


async def test_only_who_may_read_an_answer_may_begin_and_then_it_belongs_to_the_two(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    await stage.asks("ada", "/reflect share a1 me")
    assert "is not shared with you now" in await refusal(stage, "cleo", digest)
    assert "is not shared with you now" in await refusal(stage, "ben", digest), "Ada has not written back yet"
    await stage.answers_card("ada", letter(stage, "ada"), BACK)
    await stage.later(seconds=5)
    await stage.asks("ada", "/reflect delete a1")
    await writes(stage, "ben", letter(stage, "ben"), "At ten, then.", "Reply")
    assert "At ten, then." in stage.text(letters(stage, "ada")[-1])


async def test_ones_own_answer_has_nobody_to_write_to(monday, digest):
    assert "That is your own answer" in await refusal(monday, "ada", digest)


async def test_who_wants_nothing_stored_writes_nothing(monday, digest):
    await monday.asks("ben", "/my settings keep:no")
    assert "Saving is off for you" in await refusal(monday, "ben", digest)


async def test_open_conversations_are_listed_with_what_can_be_done(monday, digest):
    stage = monday
    assert "no open private conversation" in stage.text(await stage.asks("ada", "/reflect conversations"))
    await writes(stage, "ben", digest, ASKED)
    listed = await stage.asks("ada", "/reflect conversations")
    assert "Ben Okafor" in stage.text(listed)
    await writes(stage, "ada", listed, BACK, "Reply")
    assert BACK in stage.text(letter(stage, "ben"))
    await stage.presses("ada", stage.last("ada"), "End conversation")
    assert "no open private conversation" in stage.text(await stage.asks("ben", "/reflect conversations"))


async def test_nobody_gets_into_somebody_elses_conversation(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    await stage.asks("cleo", "/reflect conversations")
    await stage.asks("ben", "/reflect conversations")
    theirs = stage.last("ben")
    for button in ("Reply", "End conversation"):
        shown = await stage.forges("cleo", theirs, button)
        assert not stage.is_form(shown)
        assert "You have no such conversation" in stage.text(shown)
    await writes(stage, "ada", letter(stage, "ada"), BACK, "Reply")
    assert BACK in stage.text(letter(stage, "ben")), "nothing was ended"


async def test_the_export_has_ones_own_side_and_what_one_got(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    await writes(stage, "ada", letter(stage, "ada"), BACK, "Reply")
    for who, name in (("ada", "Ben Okafor"), ("ben", "Ada Quinn")):
        whole = stage.files(await stage.asks(who, "/my data export"))["tilth-my-data.json"].decode()
        assert ASKED in whole
        assert BACK in whole
        assert name in whole
    whole = stage.files(await stage.asks("mo", "/my data export"))["tilth-my-data.json"].decode()
    assert ASKED not in whole


@pytest.mark.parametrize("who", ["ada", "ben"])
async def test_an_erased_person_takes_the_conversation_along(monday, digest, who):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    await writes(stage, "ada", letter(stage, "ada"), BACK, "Reply")
    form = await stage.asks(who, "/my data delete")
    await stage.fills_in(who, form, word="DELETE")
    await stage.settles()
    dump = await stage.dump()
    assert [line for line in dump if ASKED in line or BACK in line] == []
    other, words = ("ben", BACK) if who == "ada" else ("ada", ASKED)
    assert [one for one in stage.inbox(other) if words in stage.text(one)] == [], (
        "it is gone where it was read, too"
    )


async def test_an_erased_person_is_not_heard_from_in_the_morning(monday, digest):
    stage = monday
    await stage.until("2026-10-09 21:00")
    await writes(stage, "ben", digest, ASKED)
    form = await stage.asks("ben", "/my data delete")
    await stage.fills_in("ben", form, word="DELETE")
    await stage.until("2026-10-12 08:01")
    assert letters(stage, "ada") == []
    assert [line for line in await stage.dump() if ASKED in line] == []


async def test_the_outbox_and_the_log_hold_no_private_word(monday, digest, caplog):
    stage = monday
    caplog.set_level("DEBUG")
    await stage.until("2026-10-09 21:00")
    await writes(stage, "ben", digest, ASKED)
    held = await stage.app.store.read(
        lambda conn: (
            conn.execute(select(outbox.c.card).where(outbox.c.kind == "private-reply")).scalars().all()
        )
    )
    assert held == [None]
    await stage.until("2026-10-12 08:01")
    assert ASKED in stage.text(letter(stage, "ada"))
    assert ASKED not in caplog.text


async def test_private_replies_are_removed_after_their_days(monday, digest):
    stage = monday
    await writes(stage, "ben", digest, ASKED)
    stage.clock.advance(timedelta(days=399))
    await stage.app.upkeep.tidy()
    assert [line for line in await stage.dump() if ASKED in line and '"private_reply"' in line]
    stage.clock.advance(timedelta(days=2))
    await stage.app.upkeep.tidy()
    assert [line for line in await stage.dump() if ASKED in line and '"private_reply"' in line] == []


async def test_two_accounts_of_one_person_have_one_conversation_and_two_again(monday, digest):
    stage = monday
    await stage.joins("ben2", "Ben at home")
    await writes(stage, "ben", digest, ASKED)
    await writes(stage, "ben2", digest, "And the stairs?")
    await link(stage, "ben", "ben2")
    assert await stage.broken() == []
    await stage.answers_card("ada", letters(stage, "ada")[1], BACK)
    await stage.later(seconds=5)
    got = [one for who in ("ben", "ben2") for one in letters(stage, who) if BACK in stage.text(one)]
    assert len(got) == 1
    whole = stage.files(await stage.asks("ben", "/my data export"))["tilth-my-data.json"].decode()
    assert "And the stairs?" in whole
    [told] = [one for one in stage.inbox("ben") if "Unlink" in one.buttons]
    await stage.presses("ben", told, "Unlink")
    whole = stage.files(await stage.asks("ben2", "/my data export"))["tilth-my-data.json"].decode()
    assert "And the stairs?" in whole
    assert ASKED not in whole
    assert await stage.broken() == []


async def test_nobody_writes_to_themselves_through_two_accounts(monday, digest):
    stage = monday
    await stage.joins("ada2", "Ada at home")
    await writes(stage, "ada2", digest, ASKED)
    got = letter(stage, "ada")
    await stage.presses("ada2", digest, "Thank Ada Quinn")
    await link(stage, "ada", "ada2")
    assert "your own answer" in await refusal(stage, "ada", got, "Reply")
    assert "no open private conversation" in stage.text(await stage.asks("ada", "/reflect conversations"))
    await stage.later(hours=2)
    assert not [
        one for one in stage.inbox("ada") + stage.inbox("ada2") if "You got thanks" in stage.text(one)
    ]


@pytest.mark.postgres
async def test_thanks_and_replies_on_the_other_database(tmp_path, postgres_url):
    async with staged(tmp_path, "local", url=postgres_url) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await stage.says("ada", ANSWER, thread=stage.prompts()[0])
        await stage.joins("ben2", "Ben at home")
        await stage.until("2026-10-09 12:00")
        [digest] = stage.digests()
        for who in ("ben", "ben2", "cleo"):
            await stage.presses(who, digest, "Thank Ada Quinn")
            await writes(stage, who, digest, f"{ASKED} {who}")
        await link(stage, "ben", "ben2")
        await stage.later(minutes=12)
        assert [one for one in stage.inbox("ada") if "You got thanks" in stage.text(one)]
        await stage.answers_card("ada", letters(stage, "ada")[1], BACK)
        await stage.later(seconds=5)
        assert BACK in "".join(stage.text(one) for who in ("ben", "ben2") for one in letters(stage, who))
        assert "Cleo Marsh" in stage.text(await stage.asks("ada", "/reflect conversations"))
        await stage.presses("cleo", await stage.asks("cleo", "/reflect conversations"), "End conversation")
        form = await stage.asks("ben", "/my data delete")
        await stage.fills_in("ben", form, word="DELETE")
        stage.clock.advance(timedelta(days=401))
        await stage.app.upkeep.tidy()
        left = await stage.app.store.read(lambda conn: conn.execute(select(private_reply)).all())
        assert left == []
        assert await stage.broken() == []
