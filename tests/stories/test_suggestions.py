"""Members suggest prompts; moderators accept, edit or decline them, and whoever suggested one hears what became of it."""

from __future__ import annotations

QUESTION = "Who made you laugh this week?"


async def suggests(stage, who="ada", text=QUESTION):
    return await stage.asks(who, f"/reflect suggest -- {text}")


async def test_a_suggestion_is_accepted_and_its_author_hears_of_it(stage):
    assert "I tell you what they decide" in stage.text(await suggests(stage))
    await stage.later(seconds=5)
    [waiting] = stage.inbox("mo")
    assert QUESTION not in stage.text(waiting)
    shown = await stage.presses("mo", waiting, "Review")
    assert QUESTION in stage.text(shown)
    assert "Ada Quinn" in stage.text(shown)
    shown = await stage.presses("mo", stage.inbox("mo")[-1], "Accept")
    assert "Accepted as p" in stage.text(shown)
    await stage.later(minutes=1)
    [told] = stage.inbox("ada")
    assert "took your suggestion as it is" in stage.text(told)
    assert "Who made you laugh this week" in stage.text(await stage.asks("mo", "/prompt list deck:weekly"))
    assert "No suggestion waits" in stage.text(await stage.asks("mo", "/prompt review"))


async def test_a_suggestion_is_edited_before_it_is_accepted(stage):
    await suggests(stage)
    await stage.asks("mo", "/prompt review")
    form = await stage.presses("mo", stage.last("mo"), "Edit")
    assert stage.value(form, "question") == QUESTION
    await stage.fills_in("mo", form, question="Who made you laugh out loud this week?", title="Laughing")
    await stage.later(minutes=1)
    assert "took your suggestion with a few changes" in stage.text(stage.inbox("ada")[0])
    assert "Laughing" in stage.text(await stage.asks("mo", "/prompt list deck:weekly"))


async def test_a_suggestion_is_declined_with_a_reason_that_only_its_author_reads(stage):
    await suggests(stage)
    await stage.asks("mo", "/prompt review")
    form = await stage.presses("mo", stage.last("mo"), "Decline")
    await stage.fills_in("mo", form, reason="We asked nearly the same in spring.")
    await stage.later(minutes=1)
    [told] = stage.inbox("ada")
    assert "We asked nearly the same in spring." in stage.text(told)
    assert QUESTION in stage.text(told)
    assert stage.inbox("ben") == []
    assert stage.room() == []


async def test_moderators_are_told_once_until_nothing_waits(stage):
    await suggests(stage)
    await suggests(stage, "ben", "What did the hall sound like?")
    await stage.later(minutes=1)
    assert len(stage.inbox("mo")) == 1
    await stage.asks("mo", "/prompt review")
    await stage.presses("mo", stage.last("mo"), "Accept")
    assert "Next (1 waiting)" in stage.last("mo").buttons
    shown = await stage.presses("mo", stage.last("mo"), "Next (1 waiting)")
    assert "What did the hall sound like?" in stage.text(shown)
    await stage.presses("mo", stage.last("mo"), "Accept")
    await stage.later(minutes=1)
    assert "Every suggestion is decided." in stage.text(stage.inbox("mo")[0])
    await suggests(stage, "cleo", "Where did you sit?")
    await stage.later(minutes=1)
    assert len(stage.inbox("mo")) == 2


async def test_two_moderators_decide_once(stage):
    await suggests(stage)
    await stage.asks("mo", "/prompt review")
    await stage.asks("ida", "/prompt review")
    await stage.presses("mo", stage.last("mo"), "Accept")
    shown = await stage.presses("ida", stage.last("ida"), "Accept")
    assert "is decided, or was taken back" in stage.text(shown)
    assert stage.text(await stage.asks("mo", "/prompt list deck:weekly")).count("laugh") == 2


async def test_a_message_becomes_a_suggestion_by_its_shortcut(stage):
    said = await stage.says("ben", "I wonder what the\nhall sounded like at noon.")
    form = await stage.uses("ada", "reflect.suggest", said)
    assert stage.value(form, "text") == "I wonder what the hall sounded like at noon."
    await stage.fills_in("ada", form, text="What did the hall sound like at noon?")
    await stage.asks("mo", "/prompt review")
    assert "What did the hall sound like at noon?" in stage.text(stage.last("mo"))


async def test_a_suggestion_that_calls_everybody_goes_back_to_its_author(stage):
    shown = stage.text(await suggests(stage, text="Hey @everyone, who laughed?"))
    assert "notify everybody" in shown
    assert "who laughed?" in shown
    assert "No suggestion waits" in stage.text(await stage.asks("mo", "/prompt review"))


async def test_a_long_suggestion_opens_the_form_with_its_words(stage):
    form = await suggests(stage, text="word " * 80)
    assert stage.is_form(form)
    assert "at most 299 characters" in stage.errors(await stage.fills_in("ada", form))["text"]


async def test_one_member_cannot_fill_the_table(stage):
    for number in range(10):
        await suggests(stage, text=f"What about {number}?")
    assert "wait already" in stage.text(await suggests(stage, text="And one more?"))


async def test_whoever_wants_nothing_kept_is_told_so_with_their_words(stage):
    await stage.asks("ada", "/my settings keep:no")
    shown = stage.text(await suggests(stage))
    assert "Saving is off for you" in shown
    assert QUESTION in shown


async def test_an_erased_members_suggestions_are_gone_and_were_handed_over(stage):
    await suggests(stage)
    export = stage.files(await stage.asks("ada", "/my data export"))
    assert any(QUESTION.encode() in data for data in export.values())
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    assert "No suggestion waits" in stage.text(await stage.asks("mo", "/prompt review"))
    assert await stage.broken() == []


async def test_the_audit_log_holds_no_word_of_a_suggestion(stage):
    await suggests(stage)
    await stage.asks("mo", "/prompt review")
    shown = stage.text(await stage.presses("mo", stage.last("mo"), "Accept"))
    form = await stage.asks("mo", f"/prompt edit {shown.partition('Accepted as ')[2].partition('.')[0]}")
    await stage.fills_in("mo", form, title="Another title")
    log = stage.text(await stage.asks("ida", "/tilth audit"))
    assert "accepted suggestion 1" in log
    assert "laugh" not in log
