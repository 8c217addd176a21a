"""Moderators see a prompt before it is posted, as it will look, and decide: approve, edit, another one, skip."""

from __future__ import annotations


async def rhythm(stage, more):
    await stage.confirms(f"/prompt schedule #staffroom every mon 09:00 closes:4d {more}")


async def says(stage, line, who="mo"):
    return stage.text(await stage.asks(who, line))


async def shown(stage, who="mo"):
    """The heads-up in somebody's direct messages."""
    await stage.later(seconds=5)
    return stage.inbox(who)[-1]


async def test_a_heads_up_comes_when_the_schedule_says_and_shows_what_goes_out(stage):
    await rhythm(stage, "headsup:2h")
    await stage.until("2026-10-05 06:55")
    assert stage.inbox("mo") == []
    await stage.until("2026-10-05 07:01")
    [told] = stage.inbox("mo")
    assert "goes out on Monday 5 October at 09:00" in stage.text(told)
    assert "Who or what held a door open for you this week?" in stage.text(told)
    assert "It goes out by itself." in stage.text(told)
    assert told.buttons == ("Edit", "Another prompt", "Skip")
    await stage.until("2026-10-05 09:01")
    [prompt] = stage.prompts()
    assert stage.title(prompt) == "A door held open"
    assert "It has gone out" in stage.text(await shown(stage))


async def test_without_a_heads_up_nobody_is_told(stage):
    await rhythm(stage, "")
    await stage.until("2026-10-05 09:01")
    assert stage.inbox("mo") == []


async def test_what_is_skipped_there_does_not_go_out_and_can_be_taken_back(stage):
    await rhythm(stage, "headsup:2h")
    await stage.until("2026-10-05 07:01")
    await stage.presses("mo", stage.inbox("mo")[0], "Skip")
    told = await shown(stage, "ida")
    assert "Mo Hale skipped the one on" in stage.text(told)
    await stage.presses("ida", told, "Undo")
    await stage.later(minutes=5)
    # It is shown again, because it comes after all.
    await stage.presses("mo", await shown(stage), "Skip")
    await stage.until("2026-10-05 09:01")
    assert stage.prompts() == []


async def test_another_prompt_takes_its_place(stage):
    await rhythm(stage, "headsup:2h")
    await stage.until("2026-10-05 07:01")
    card = await stage.presses("mo", stage.inbox("mo")[0], "Another prompt")
    assert "How much room to think" in stage.text(card)
    assert "How much room to think" in stage.text(await shown(stage, "ida"))
    await stage.until("2026-10-05 09:01")
    assert [stage.title(one) for one in stage.prompts()] == ["Room to think"]


async def test_an_edit_there_is_what_goes_out(stage):
    await rhythm(stage, "headsup:2h")
    await stage.until("2026-10-05 07:01")
    form = await stage.presses("mo", stage.inbox("mo")[0], "Edit")
    await stage.fills_in("mo", form, question="Who held a gate open for you?", title="A gate held open")
    assert "Who held a gate open for you?" in stage.text(await shown(stage, "ida"))
    await stage.until("2026-10-05 09:01")
    [prompt] = stage.prompts()
    assert "Who held a gate open for you?" in stage.text(prompt)


async def test_without_approval_it_waits_and_goes_out_when_it_is_given(stage):
    await rhythm(stage, "approve:moderator")
    await stage.until("2026-10-04 19:30")
    [told] = stage.inbox("mo")
    assert "A moderator has to approve it. Without approval, it waits." in stage.text(told)
    await stage.until("2026-10-05 09:01")
    assert stage.prompts() == []
    assert "waits for you (waits for approval)" in await says(stage, "/prompt list")
    told = await shown(stage)
    assert "was due on" in stage.text(told)
    await stage.presses("mo", told, "Approve")
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1
    assert "approved s1 2026-W41" in await says(stage, "/tilth audit", who="ida")


async def test_what_was_approved_in_time_goes_out_by_itself(stage):
    await rhythm(stage, "approve:moderator headsup:3h")
    await stage.until("2026-10-05 06:01")
    card = await stage.presses("mo", stage.inbox("mo")[0], "Approve")
    assert "Approved by Mo Hale." in stage.text(card)
    await stage.until("2026-10-05 09:01")
    assert len(stage.prompts()) == 1


async def test_only_the_role_that_the_schedule_names_may_approve(stage):
    await rhythm(stage, "approve:admin headsup:3h")
    await stage.until("2026-10-05 06:01")
    assert "Only an admin" in stage.text(await stage.presses("mo", stage.inbox("mo")[0], "Approve"))
    assert "Only an admin can do that" in await says(stage, "/prompt now s1")
    await stage.presses("ida", stage.inbox("ida")[0], "Approve")
    await stage.until("2026-10-05 09:01")
    assert len(stage.prompts()) == 1


async def test_an_approval_falls_with_the_words_it_was_given_to(stage):
    await rhythm(stage, "approve:admin headsup:3h")
    await stage.until("2026-10-05 06:01")
    await stage.presses("ida", stage.inbox("ida")[0], "Approve")
    form = await stage.presses("mo", await shown(stage), "Edit")
    await stage.fills_in("mo", form, question="Something an admin has not seen?")
    await stage.until("2026-10-05 09:01")
    assert stage.prompts() == []
    await stage.presses("ida", await shown(stage, "ida"), "Approve")
    await stage.later(minutes=1)
    [prompt] = stage.prompts()
    assert "Something an admin has not seen?" in stage.text(prompt)


async def test_what_nobody_approves_in_time_is_left_out_where_the_schedule_says_so(stage):
    await rhythm(stage, "approve:moderator unapproved:skip")
    await stage.until("2026-10-05 09:01")
    assert stage.prompts() == []
    assert "nobody approved it in time" in stage.text(await shown(stage))
    assert "Only a" not in await says(stage, "/prompt list")


async def test_what_nobody_approves_goes_out_all_the_same_where_the_schedule_says_so(stage):
    await rhythm(stage, "approve:moderator unapproved:post")
    await stage.until("2026-10-05 09:01")
    assert len(stage.prompts()) == 1


async def test_a_schedule_that_is_changed_shows_its_next_one_again(stage):
    await rhythm(stage, "approve:moderator headsup:2d")
    await stage.later(minutes=1)
    old = stage.inbox("mo")[0]
    await stage.presses("mo", old, "Approve")
    await says(stage, '/prompt edit s1 when:"every mon 10:00"')
    await stage.later(minutes=2)
    assert "was changed" in stage.text(stage.inbox("mo")[0])
    assert "goes out on Monday 5 October at 10:00" in stage.text(stage.inbox("mo")[1])
    await stage.until("2026-10-05 10:01")
    assert stage.prompts() == []


async def test_one_that_was_decided_cannot_be_decided_again(stage):
    await rhythm(stage, "approve:moderator headsup:2h")
    await stage.until("2026-10-05 07:01")
    mine, hers = stage.inbox("mo")[0], stage.inbox("ida")[0]
    await stage.presses("mo", mine, "Skip")
    assert "skipped already" in stage.text(await stage.presses("ida", hers, "Approve"))
    await stage.until("2026-10-05 09:01")
    assert stage.prompts() == []


async def test_heads_ups_go_to_the_moderators_channel(stage):
    await stage.opens_channel("c2", "moderators")
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    await rhythm(stage, "headsup:2h")
    await stage.until("2026-10-05 07:01")
    [told] = stage.room(channel="c2")
    await stage.presses("mo", told, "Skip")
    assert stage.inbox("mo") == []


async def test_fourteen_days_are_the_longest_notice(stage):
    assert "five minutes to 14 days" in await says(
        stage, "/prompt schedule #staffroom every mon 09:00 headsup:15d"
    )


async def test_an_edit_that_moves_it_to_another_deck_still_goes_out(stage):
    await rhythm(stage, "headsup:2h")
    await stage.until("2026-10-05 07:01")
    form = await stage.presses("mo", stage.inbox("mo")[0], "Edit")
    await stage.fills_in("mo", form, deck="spring", question="Who held a window open?")
    await stage.until("2026-10-05 09:01")
    [prompt] = stage.prompts()
    assert "Who held a window open?" in stage.text(prompt)


async def test_two_dates_that_are_shown_at_once_ask_two_prompts_and_each_what_was_shown(stage):
    await stage.confirms('/prompt schedule #staffroom "every mon,tue 09:00" headsup:2d closes:1d')
    await stage.later(minutes=5)
    first, second = (stage.text(one) for one in stage.inbox("mo")[:2])
    await stage.until("2026-10-06 09:05")
    asked = [one for one in stage.room() if "Looking back" not in stage.text(one)]
    questions = ("held a door open", "room to think", "try for one day")
    shown = [next(words for words in questions if words in text) for text in (first, second)]
    assert shown == [next(words for words in questions if words in stage.text(one)) for one in asked]
    assert len(set(shown)) == 2


async def test_a_prompt_from_the_hand_ordered_queue_is_shown_to_one_schedule_only(stage):
    await stage.asks("mo", "/prompt move p3 top")
    await rhythm(stage, "headsup:2h")
    await rhythm(stage, "headsup:2h")
    await stage.until("2026-10-05 07:05")
    texts = [stage.text(one) for one in stage.inbox("mo")]
    assert sum("try for one day" in text for text in texts) == 1
    await stage.until("2026-10-05 09:05")
    assert sum("try for one day" in stage.text(one) for one in stage.prompts()) == 1
