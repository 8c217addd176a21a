"""Moderators hide answers everywhere and show them again, members report them, authors hear of it and can always withdraw."""

from __future__ import annotations

import pytest

from tests.stories.test_linking import link, second_account

SECRET = "the velvet corridor"


async def read(stage, who: str) -> str:
    return stage.text(await stage.asks(who, "/reflect read"))


async def hide(stage, who: str = "mo", reason: str = "names", answer: str = "a1"):
    """Hide an answer by the command; the card the moderator gets."""
    form = await stage.asks(who, f"/reflect hide {answer}")
    return await stage.fills_in(who, form, reason=reason)


async def report(stage, who: str, reason: str = "unkind"):
    """Report the one answer that somebody reads, by its button."""
    await stage.asks(who, "/reflect read")
    form = await stage.presses(who, stage.last(who), "Report")
    return await stage.fills_in(who, form, reason=reason)


async def in_team(stage, *people: str) -> None:
    await stage.asks("mo", "/team create North")
    for who in people:
        await stage.asks(who, "/team join North")


def told(stage, who: str, words: str) -> list[str]:
    """What somebody was sent directly that says this."""
    return [stage.text(one) for one in stage.inbox(who) if words in stage.text(one)]


async def test_a_hidden_answer_is_hidden_everywhere_until_it_is_shown_again(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", f"It was {SECRET}.", thread=prompt)
    await stage.says("ben", "The bus.", thread=prompt)
    await stage.until("2026-10-09 12:00")
    assert SECRET in stage.text(stage.digests()[0])
    assert SECRET in await read(stage, "cleo")
    said = stage.text(await hide(stage))
    assert "is hidden from everybody but its author" in said
    assert "The message is still in the thread." in said
    await stage.settles()
    assert SECRET not in stage.text(stage.digests()[0])
    assert "The bus." in stage.text(stage.digests()[0])
    for who in ("ben", "cleo", "mo"):
        assert SECRET not in await read(stage, who)
    assert SECRET in stage.text(await stage.asks("ada", "/reflect history"))
    listed = await stage.asks("mo", "/reflect hide")
    assert "a1 to A door held open · hidden" in stage.plain(listed)
    assert SECRET not in stage.text(listed)
    assert SECRET in stage.text(await stage.presses("mo", stage.last("mo"), "Read it"))
    assert "is shown again" in stage.text(await stage.presses("mo", stage.last("mo"), "Show again"))
    await stage.settles()
    assert SECRET in stage.text(stage.digests()[0])
    assert SECRET in await read(stage, "cleo")
    assert await stage.broken() == []


async def test_the_author_hears_the_reason_unless_it_is_undone_before(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    await hide(stage)
    await stage.later(minutes=5)
    assert told(stage, "ada", "A moderator hid your answer") == []
    await stage.presses("mo", stage.last("mo"), "Undo")
    await stage.later(minutes=20)
    assert told(stage, "ada", "A moderator hid your answer") == []
    assert told(stage, "ada", "visible again") == []
    await hide(stage, reason="private")
    await stage.later(minutes=11)
    [heard] = told(stage, "ada", "A moderator hid your answer")
    assert "It tells something private about somebody" in heard
    assert "Mo Hale" not in heard
    history = stage.text(await stage.asks("ada", "/reflect history"))
    assert "A moderator hid this answer from everybody but you." in history
    assert "It tells something private about somebody" in history
    await stage.asks("mo", "/reflect hide")
    await stage.presses("mo", stage.last("mo"), "Show again")
    await stage.later(minutes=11)
    assert len(told(stage, "ada", "visible again")) == 1


async def test_a_report_lets_moderators_read_the_answer_until_they_decide(monday):
    stage = monday
    await in_team(stage, "ada", "ben")
    receipt = stage.text(await stage.asks("ada", f"/reflect answer share:team -- It was {SECRET}."))
    assert "If somebody reports it, the moderators can too." in receipt
    assert SECRET not in await read(stage, "mo")
    assert "There is no such answer to decide about." in stage.text(
        await stage.asks("mo", "/reflect hide a1")
    )
    await stage.asks("ben", "/reflect read")
    form = await stage.presses("ben", stage.last("ben"), "Report")
    assert "They see your name; its author does not." in stage.text(form)
    assert "can read it" in stage.text(await stage.fills_in("ben", form, reason="unkind"))
    await stage.settles()
    [alert] = [one for one in stage.inbox("mo") if stage.title(one) == "An answer was reported"]
    said = stage.text(alert)
    assert "It is unkind to somebody." in said
    for words in (SECRET, "Ada", "Ben"):
        assert words not in said
    shown = await stage.presses("mo", alert, "Read it")
    assert SECRET in stage.text(shown)
    assert "Reported by Ben Okafor." in stage.text(shown)
    assert "left it as it is" in stage.text(await stage.presses("mo", shown, "Leave it as it is"))
    await stage.settles()
    assert [
        stage.title(one) for one in stage.inbox("mo") if stage.title(one) == "An answer was reported"
    ] == []
    assert any("a moderator left it as it is" in stage.text(one) for one in stage.inbox("mo"))
    assert "There is no such answer to decide about." in stage.text(
        await stage.asks("mo", "/reflect hide a1")
    )
    assert SECRET in await read(stage, "ben")
    assert await stage.broken() == []


async def test_what_is_reported_can_be_hidden_and_its_author_does_not_learn_by_whom(monday):
    stage = monday
    await in_team(stage, "ada", "ben")
    await stage.asks("ada", f"/reflect answer share:team -- It was {SECRET}.")
    await report(stage, "ben")
    await stage.settles()
    shown = await stage.presses("mo", stage.inbox("mo")[-1], "Read it")
    form = await stage.presses("mo", shown, "Hide")
    assert stage.value(form, "reason") == "unkind"
    await stage.fills_in("mo", form, reason="unkind")
    await stage.later(minutes=11)
    assert SECRET not in await read(stage, "ben")
    [heard] = told(stage, "ada", "A moderator hid your answer")
    assert "Ben" not in heard
    assert "a moderator hid it" in stage.text(
        next(one for one in stage.inbox("mo") if "was reported" in stage.text(one))
    )


async def take_back(stage):
    await stage.asks("ada", "/reflect delete a1")


async def keep(stage):
    await stage.asks("ada", "/reflect share a1 me")


async def forget_the_author(stage):
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")


async def forget_the_reporter(stage):
    await stage.fills_in("ben", await stage.asks("ben", "/my data delete"), word="DELETE")


@pytest.mark.parametrize("gone", [take_back, keep, forget_the_author, forget_the_reporter])
async def test_a_report_is_settled_when_nothing_is_left_to_decide(monday, gone):
    stage = monday
    await in_team(stage, "ada", "ben")
    await stage.asks("ada", f"/reflect answer share:team -- It was {SECRET}.")
    await report(stage, "ben")
    await stage.settles()
    assert [stage.title(one) for one in stage.inbox("mo")][-1] == "An answer was reported"
    await gone(stage)
    await stage.later(minutes=1)
    assert SECRET not in stage.text(await stage.asks("mo", "/reflect hide a1"))
    [alert] = [one for one in stage.inbox("mo") if "was reported" in stage.text(one)]
    assert stage.title(alert) == "A reported answer"
    assert "No answer is reported or hidden" in stage.text(await stage.asks("mo", "/reflect hide"))
    assert await stage.broken() == []


async def test_an_author_withdraws_a_hidden_answer_and_what_they_change_stays_hidden(monday):
    stage = monday
    await stage.asks("ada", f"/reflect answer share:everyone -- It was {SECRET}.")
    await hide(stage)
    await stage.asks("ada", "/reflect share a1 me")
    assert "There is no such answer to decide about." in stage.text(
        await stage.asks("mo", "/reflect hide a1")
    )
    await stage.asks("ada", "/reflect share a1 everyone")
    form = await stage.asks("ada", "/reflect edit a1")
    await stage.fills_in("ada", form, q0=f"It was {SECRET}, again.", sharing="everyone")
    assert SECRET not in await read(stage, "ben")
    await stage.asks("ada", "/reflect delete a1")
    assert "There is no such answer to decide about." in stage.text(
        await stage.asks("mo", "/reflect hide a1")
    )
    await stage.later(minutes=12)
    assert [line for line in await stage.dump() if SECRET in line] == []


async def test_everything_is_on_record_without_the_words(monday):
    stage = monday
    await in_team(stage, "ada", "ben")
    await stage.asks("ada", f"/reflect answer share:team -- It was {SECRET}.")
    await report(stage, "ben")
    await stage.settles()
    await stage.presses("mo", stage.inbox("mo")[-1], "Read it")
    await hide(stage)
    await stage.presses("mo", stage.last("mo"), "Undo")
    log = stage.text(await stage.asks("ida", "/tilth audit"))
    for what in ("reported an answer", "read a reported answer", "hid an answer", "showed an answer again"):
        assert what in log
    assert "a1" in log
    assert SECRET not in log


async def test_nobody_reports_or_hides_what_is_not_theirs_to_see(monday):
    stage = monday
    await stage.asks("ada", f"/reflect answer share:me -- It was {SECRET}.")
    await stage.asks("mo", "/reflect answer share:everyone -- The bus.")
    assert "That answer is not shared with you." in stage.text(await stage.asks("ben", "/reflect report a1"))
    assert "There is no such answer to decide about." in stage.text(
        await stage.asks("mo", "/reflect hide a1")
    )
    assert "Only a moderator can do that" in stage.text(await stage.asks("ben", "/reflect hide a2"))
    assert "That is your own answer." in stage.text(await stage.asks("mo", "/reflect hide a2"))
    assert "That is your own answer." in stage.text(await stage.asks("ada", "/reflect report a1"))
    assert "press Report under it" in stage.plain(await stage.asks("ben", "/reflect report"))


async def test_who_wants_no_direct_messages_reads_the_reason_in_their_history(monday):
    stage = monday
    await stage.asks("ada", "/my settings direct:no")
    await stage.asks("ada", "/reflect answer share:everyone -- The bus.")
    assert "I cannot write to Ada Quinn." in stage.text(await hide(stage, reason="unkind"))
    await stage.later(hours=1)
    assert told(stage, "ada", "A moderator hid your answer") == []
    assert "It is unkind to somebody" in stage.text(await stage.asks("ada", "/reflect history"))


@pytest.mark.only("local", reason="the count is behind every door")
async def test_reports_are_limited(monday, monkeypatch):
    stage = monday
    monkeypatch.setattr("bot.reflections.moderation.commands.MOST", 1)
    await stage.asks("ada", "/reflect answer share:everyone -- The bus.")
    await report(stage, "ben")
    await stage.asks("ben", "/reflect read")
    form = await stage.presses("ben", stage.last("ben"), "Report")
    assert "You reported 1 answers today." in stage.text(await stage.fills_in("ben", form, reason="other"))


@pytest.mark.only("local", reason="what is handed over is the same behind every door")
async def test_what_one_reported_is_handed_over(monday):
    import json

    stage = monday
    await stage.asks("ada", "/reflect answer share:everyone -- The bus.")
    await report(stage, "ben")
    await hide(stage)
    whole = json.loads(stage.files(await stage.asks("ben", "/my data export"))["tilth-my-data.json"])
    assert [one["answer"] for one in whole["answers you reported"]] == ["a1"]
    whole = json.loads(stage.files(await stage.asks("ada", "/my data export"))["tilth-my-data.json"])
    assert whole["answers"][0]["hidden by a moderator"] == "names"


@pytest.mark.only("local", reason="what a link does is the same behind every door")
async def test_what_is_hidden_of_one_account_stays_hidden_when_two_are_linked_and_parted(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    await stage.says("ada", "The bus.", thread=prompt)
    await stage.says("ada2", f"It was {SECRET}.", thread=prompt)
    await hide(stage, answer="a2")
    shown = await link(stage)
    assert SECRET not in await read(stage, "ben")
    await stage.presses("ada2", shown, "Unlink")
    await stage.settles()
    assert SECRET not in await read(stage, "ben")
