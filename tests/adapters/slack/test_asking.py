"""Commands, buttons, forms and shortcuts over the real wire: in time, and where they were asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.chat.cards import Button, Buttons, Markdown, Table, say
from bot.chat.events import (
    ButtonPressed,
    CommandInvoked,
    FormSubmitted,
    HomeOpened,
    MessageReceived,
    ShortcutUsed,
)
from bot.chat.forms import FieldErrors, Form, Pick
from bot.chat.language import load_catalogs
from bot.chat.mass_mentions import UnknownGroup
from bot.chat.port import NotStored
from tests.adapters.slack.rig import until
from tests.contract.door import CARD, WORDS
from tests.fakes.slack.reading import buttons, text


def slow(here, kind, seconds=0.6):
    """Let the door take its time over one kind of event."""
    hear = here.door.hear

    async def hears(event):
        if isinstance(event, kind):
            await asyncio.sleep(seconds)
        return await hear(event)

    here.door.hear = hears


async def test_a_quick_command_is_acknowledged_at_once_and_a_slow_one_in_time(here):
    here.door.will_answer(CommandInvoked, say("Quick."), say("Slow."))
    assert (await here.slack.slash(here.ada, here.room, "/try one 3")).seconds < 0.3
    slow(here, CommandInvoked)
    heard = await here.slack.slash(here.ada, here.room, "/try one 3")
    assert heard.ok
    assert heard.seconds < 0.5, "Slack is told before we are done"
    await here.rest()
    assert [text(one) for one in here.slack.ephemerals(here.ada)] == ["Quick.", "Slow."]


async def test_an_answer_that_is_there_in_time_comes_with_the_acknowledgment(here):
    """One way instead of two; what a workspace may not be able to show takes the second, where it can be tried again."""
    table = say("A table.", Table(("Who",), (("Ada",),)))
    here.door.will_answer(
        CommandInvoked, say("Quick."), replace(say("For all."), public=True), table, say("Slow.")
    )
    quick, public, shown = [await here.slack.slash(here.ada, here.room, "/try one 3") for _ in range(3)]
    slow(here, CommandInvoked)
    late = await here.slack.slash(here.ada, here.room, "/try one 3")
    await here.rest()
    assert (quick.body["response_type"], quick.body["text"]) == ("ephemeral", "Quick.")
    assert not any((public.body, shown.body, late.body))
    assert [text(one) for one in here.slack.ephemerals(here.ada)] == ["Quick.", "Who\nAda", "Slow."]


async def test_commands_are_in_time_while_many_messages_come_in(here):
    async def flood():
        for number in range(60):
            await asyncio.gather(*(here.slack.post(here.ben, here.room, f"{number} {n}") for n in range(4)))

    flooding = asyncio.create_task(flood())
    slowest = 0.0
    while not flooding.done():
        heard = await here.slack.slash(here.ada, here.room, "/try one 3")
        assert heard.ok
        slowest = max(slowest, heard.seconds)
    await flooding
    assert slowest < 2.0
    assert len(here.door.of(MessageReceived)) == 240


async def test_an_answer_reaches_a_channel_we_are_not_in(here):
    lounge = here.slack.channel("lounge", [here.ada], bot=False)
    here.door.will_answer(CommandInvoked, say("For you."))
    await here.slack.slash(here.ada, lounge, "/try one 3")
    await here.rest()
    assert [text(one) for one in here.slack.ephemerals(here.ada)] == ["For you."]


async def test_a_command_in_somebody_elses_direct_message_is_not_private_to_us(here):
    theirs = here.slack.world.direct(here.ada, here.ben).id
    here.slack.world.channels[theirs].members = dict.fromkeys((here.ada, here.ben))
    here.slack.fail("conversations.info", error="channel_not_found")
    await here.slack.slash(here.ada, theirs, "/try one 3")
    [called] = here.door.of(CommandInvoked)
    assert not called.place.private


async def test_a_long_answer_comes_as_several_and_none_of_it_is_lost(here):
    words = "\n\n".join(f"Paragraph {number}. " + "word " * 80 for number in range(80))
    here.door.will_answer(CommandInvoked, say("Long", Markdown(words)))
    await here.slack.slash(here.ada, here.room, "/try one 3")
    await here.rest()
    shown = "\n".join(text(one) for one in here.slack.ephemerals(here.ada))
    assert all(f"Paragraph {number}." in shown for number in range(80))
    assert here.slack.messages(here.room) == []


async def test_more_than_a_response_url_takes_goes_the_ordinary_way(here):
    words = "word " * 16_000
    here.door.will_answer(CommandInvoked, say("Long", Markdown(words)))
    await here.slack.slash(here.ada, here.room, "/try one 3")
    await here.rest()
    shown = "".join(text(one) for one in here.slack.ephemerals(here.ada))
    assert shown.count("word") >= 16_000


async def test_a_form_that_comes_too_late_for_slack_is_told(here):
    here.slack.fail("views.open", error="expired_trigger_id")
    await here.slack.slash(here.ada, here.room, "/try form")
    await here.rest()
    assert "took me too long" in text(here.slack.ephemerals(here.ada)[-1])


async def test_errors_keep_the_form_open_with_everything_in_it(here):
    await here.slack.slash(here.ada, here.room, "/try form")
    here.door.will_answer(FormSubmitted, FieldErrors({"short": "Too short."}), say("Kept."))
    await here.slack.submit(here.ada, {"A few words": "Hm"})
    assert here.slack.modal_errors(here.ada) == {"field:short": "Too short."}
    await here.slack.submit(here.ada, {"A few words": "Long enough"})
    await here.rest()
    assert here.slack.modal(here.ada) is None
    assert [text(one) for one in here.slack.ephemerals(here.ada)] == ["Kept."]
    assert here.door.of(FormSubmitted)[-1].fields["short"] == "Long enough"
    assert here.door.of(FormSubmitted)[-1].value == WORDS.value


async def test_a_group_that_is_written_in_a_form_is_known_by_its_handle_or_said_to_be_unknown(here):
    group = here.slack.group("Teachers", [])
    await here.slack.emit({"type": "subteam_updated", "subteam": {"id": group}})
    here.door.opening = Form("f", "Notify", (Pick("group", "Group", "group", required=False),))
    known = f"<!subteam^{group}|@teachers>"
    for written, meant in {
        "@teachers": known,
        "Teachers": known,
        known: known,
        "@stewards": UnknownGroup("stewards"),
        "none": "none",
        "": "",
    }.items():
        await here.slack.slash(here.ada, here.room, "/try form")
        await here.slack.submit(here.ada, {"Group": written})
        await here.rest()
        assert here.door.of(FormSubmitted)[-1].fields["group"] == meant, written


async def test_a_form_that_takes_long_says_so_and_then_shows_what_came_of_it(here):
    await here.slack.slash(here.ada, here.room, "/try form")
    slow(here, FormSubmitted)
    here.door.will_answer(FormSubmitted, say("Kept after all."))
    heard = await here.slack.submit(here.ada)
    assert heard.ok
    assert "still working" in text(here.slack.modal(here.ada))
    await until(lambda: "Kept after all." in text(here.slack.modal(here.ada)))


async def test_what_slack_needs_besides_is_said_in_the_language_of_whoever_asks(here):
    load_catalogs()
    luz = here.slack.person("Luz Marín", locale="es-MX")
    await here.slack.join(luz, here.room)
    await here.slack.slash(luz, here.room, "/try form")
    slow(here, FormSubmitted)
    here.door.will_answer(FormSubmitted, say("Kept after all."))
    await here.slack.submit(luz)
    assert "Sigo trabajando en esto." in text(here.slack.modal(luz))
    await until(lambda: "Kept after all." in text(here.slack.modal(luz)))


async def test_a_form_whose_late_errors_find_it_closed_gives_the_words_back(here):
    await here.slack.slash(here.ada, here.room, "/try form")
    slow(here, FormSubmitted)
    here.door.will_answer(FormSubmitted, FieldErrors({"long": "Too long."}))
    await here.slack.submit(here.ada, {"Many words": "All my thoughts"})
    await here.slack.close(here.ada)
    await here.rest()
    shown = text(here.slack.ephemerals(here.ada)[-1])
    assert "Too long." in shown
    assert "All my thoughts" in shown


async def test_a_form_of_somebody_slack_does_not_tell_us_about_stays_open(here):
    await here.slack.slash(here.ada, here.room, "/try form")
    here.forget_people()
    here.slack.fail("users.info", status=500, times=2)
    await here.slack.submit(here.ada, {"Many words": "All my thoughts"})
    assert "who you are" in str(here.slack.modal_errors(here.ada))
    assert here.door.of(FormSubmitted) == []


@pytest.mark.parametrize(
    "trouble", [NotStored(say("I cannot keep anything right now.")), ValueError("a bug")]
)
async def test_a_form_that_cannot_be_kept_stays_open(here, trouble):
    await here.slack.slash(here.ada, here.room, "/try form")
    here.door.will_answer(FormSubmitted, trouble, say("Kept."))
    await here.slack.submit(here.ada, {"Many words": "All my thoughts"})
    assert here.slack.modal_errors(here.ada)
    await here.slack.submit(here.ada)
    await here.rest()
    assert here.door.of(FormSubmitted)[-1].fields["long"] == "All my thoughts"
    assert [text(one) for one in here.slack.ephemerals(here.ada)] == ["Kept."]


async def test_a_form_opened_on_a_private_card_answers_in_its_place(here):
    here.door.will_answer(CommandInvoked, CARD)
    await here.slack.slash(here.ada, here.room, "/try one 3")
    await here.rest()
    [card] = here.slack.ephemerals(here.ada)
    await here.slack.click(here.ada, card, "Words")
    here.door.will_answer(FormSubmitted, replace(say("Instead."), replaces=True))
    await here.slack.submit(here.ada)
    await here.rest()
    assert [text(one) for one in here.slack.ephemerals(here.ada)] == ["Instead."]


async def test_a_card_in_a_direct_message_is_replaced_and_keeps_its_marker(here):
    direct = await here.adapter.direct(here.space, here.ada)
    ts = await here.adapter.post(direct, CARD, "m1")
    here.door.will_answer(ButtonPressed, replace(say("Instead."), replaces=True))
    await here.slack.click(here.ada, here.slack.message(direct.channel, ts), "Do it")
    await here.rest()
    message = here.slack.message(direct.channel, ts)
    assert text(message) == "Instead."
    assert message["blocks"][0]["block_id"] == "tilth:m1"


# ── home and shortcuts ────────────────────────────────────────────────────────


async def page(here):
    here.door.will_answer(HomeOpened, CARD)
    await here.slack.open_home(here.ada)
    await here.rest()
    return here.slack.home(here.ada)


async def test_a_button_on_the_page_answers_in_a_modal_whose_buttons_work(here):
    home = await page(here)
    here.door.will_answer(
        ButtonPressed, say("Sure?", Buttons((Button("Yes", does="try.yes", value="y"),))), say("Done.")
    )
    await here.slack.click(here.ada, home, "Do it")
    await here.rest()
    modal = here.slack.modal(here.ada)
    assert buttons(modal) == ["Yes"]
    await here.slack.click(here.ada, modal, "Yes")
    await here.rest()
    assert "Done." in text(here.slack.modal(here.ada))
    first, second = here.door.of(ButtonPressed)
    assert (second.id, second.value, second.place) == ("try.yes", "y", first.place)
    assert first.place.private


async def test_a_form_opened_from_the_page_shows_its_end_in_the_modal(here):
    home = await page(here)
    await here.slack.click(here.ada, home, "Words")
    here.door.will_answer(FormSubmitted, say("Kept."))
    await here.slack.submit(here.ada)
    await here.rest()
    assert "Kept." in text(here.slack.modal(here.ada))
    assert here.door.of(FormSubmitted)[0].place.private
    assert here.slack.ephemerals(here.ada) == []


async def test_an_answer_that_is_too_late_for_a_modal_comes_as_a_direct_message(here):
    home = await page(here)
    here.door.will_answer(ButtonPressed, say("Done."))
    here.slack.fail("views.open", error="expired_trigger_id")
    await here.slack.click(here.ada, home, "Do it")
    await here.rest()
    assert text(here.slack.messages(here.slack.dm(here.ada))[-1]) == "Done."


async def test_shortcuts_tell_what_they_are_about_and_answer_where_they_were_used(here):
    root = await here.adapter.post(here.place(), say("Prompt"), "m")
    said = await here.slack.reply(here.ben, here.room, root, "The caretaker.")
    here.door.will_answer(ShortcutUsed, say("Kept."))
    message = here.slack.message(here.room, said.ts)
    await here.slack.message_shortcut(here.ben, message, "try.keep")
    await here.rest()
    [used] = here.door.of(ShortcutUsed)
    assert (used.id, used.place, used.message.text) == ("try.keep", here.place(root), "The caretaker.")
    assert used.message.author.id == here.ben
    assert [text(one) for one in here.slack.ephemerals(here.ben)] == ["Kept."]
    await here.slack.global_shortcut(here.ben, "try.open")
    assert here.slack.modal(here.ben)["title"]["text"] == WORDS.title
    assert here.door.opened[-1].message is None
    assert here.door.opened[-1].place.private


@pytest.mark.parametrize("error", [ValueError("a candid remark"), RuntimeError()])
async def test_a_bug_of_ours_is_an_apology_and_never_silence(here, error, caplog):
    here.door.will_answer(CommandInvoked, error)
    heard = await here.slack.slash(here.ada, here.room, "/try one 3")
    assert heard.ok
    await here.rest()
    assert "Something went wrong on my side" in text(here.slack.ephemerals(here.ada)[-1])


async def test_a_link_is_followed_without_us(here):
    await here.adapter.post(here.place(), CARD, "m")
    heard = await here.slack.click(here.ada, here.slack.messages(here.room)[-1], "Read")
    assert heard.ok
    assert here.door.of(ButtonPressed) == []


async def test_while_stopping_nothing_new_is_begun(here):
    await here.slack.slash(here.ada, here.room, "/try form")
    [one] = here.adapter.workspaces
    one._listeners.closed = True
    assert not (await here.slack.slash(here.ada, here.room, "/try one 3")).ok
    assert not (await here.slack.post(here.ada, here.room, "Hello.")).ok
    await here.slack.submit(here.ada, {"Many words": "All my thoughts"})
    assert here.slack.modal(here.ada) is not None, "what is in a form is not lost"
    one._listeners.closed = False
    await here.rest()
    assert [m.text for m in here.door.messages] == ["Hello."], (
        "Slack tries again, and finds whoever comes next"
    )
    assert here.door.of(CommandInvoked) == []
