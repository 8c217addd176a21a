"""A moderator sets the rhythm, a week passes, members answer through three doors, one edits, one deletes."""

from __future__ import annotations


async def test_a_week_from_the_schedule_to_the_digest(stage):
    # Mo sets the rhythm, sees what it will do, and confirms.
    preview = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 closes:4d")
    assert "every Monday at 09:00" in stage.text(preview)
    assert "Monday 5 October at 09:00" in stage.text(preview)
    done = await stage.presses("mo", stage.last("mo"), "Confirm")
    assert "It is first posted on Monday 5 October at 09:00" in stage.text(done)
    assert stage.prompts() == []

    # Monday, nine o'clock: the prompt is there, once.
    await stage.until("2026-10-05 09:00")
    [prompt] = stage.prompts()
    assert "Who or what held a door open for you this week?" in stage.text(prompt)

    # Ada answers in the thread, Ben by form, Cleo in a direct message.
    ada = await stage.says("ada", "The caretaker, with both hands full.", thread=prompt)
    form = await stage.presses("ben", prompt, "Answer or edit")
    receipt = await stage.fills_in("ben", form, q0="A bell that rang late.", sharing="everyone")
    assert "Everyone in the community can read this answer." in stage.text(receipt)
    cleo = await stage.writes_to_the_bot("cleo", "The lift, of all things.")
    assert "Only you can read this answer." in stage.text(stage.inbox("cleo")[-1])

    # Ada corrects herself; Cleo thinks better of it.
    await stage.later(minutes=20)
    await stage.edits("ada", ada, "The caretaker, with both arms full.")
    await stage.erases("cleo", cleo)
    assert await stage.answers() == {
        "Ada Quinn": "The caretaker, with both arms full.",
        "Ben Okafor": "A bell that rang late.",
    }

    # Friday: the digest says what the rows say, and what is next.
    await stage.until("2026-10-09 12:00")
    [digest] = stage.digests()
    said = stage.text(digest)
    assert "2 people shared an answer with everyone." in said
    assert "The caretaker, with both arms full." in said
    assert "A bell that rang late." in said
    assert "The lift" not in said
    assert "Monday 12 October at 09:00" in said

    # Everybody finds their own answers, and nobody else's.
    assert "The caretaker" in stage.text(await stage.asks("ada", "/reflect history"))
    assert "The caretaker" not in stage.text(await stage.asks("ben", "/reflect history"))
    assert "You have no answers yet" in stage.text(await stage.asks("cleo", "/reflect history"))

    # The week after, another prompt comes, and only then.
    await stage.until("2026-10-12 09:00")
    assert len(stage.prompts()) == 2
    assert stage.title(stage.prompts()[1]) != stage.title(prompt)
    assert await stage.broken() == []


async def test_no_prompt_comes_back_before_the_deck_is_exhausted(monday):
    stage = monday
    # The fourth of these weeks is an hour longer: the clocks go back on 25 October.
    for week, day in enumerate(("10-12", "10-19", "10-26", "11-02", "11-09"), 1):
        await stage.until(f"2026-{day} 09:00")
        assert len(stage.prompts()) == week + 1
    titles = [stage.title(one) for one in stage.prompts()]
    assert len(set(titles[:3])) == 3
    assert len(set(titles[3:])) == 3
    assert titles[2] != titles[3]


async def test_a_prompt_with_several_questions_is_one_form_and_one_answer(monday):
    stage = monday
    while stage.title(stage.prompts()[-1]) != "Two small things":
        await stage.later(weeks=1)
    form = await stage.presses("ada", stage.prompts()[-1], "Answer or edit")
    assert stage.is_form(form)
    receipt = await stage.fills_in("ada", form, q0="Open the side gate.", q1="Who uses it.", sharing="me")
    assert "Open the side gate." in stage.text(receipt)
    assert (await stage.answers())["Ada Quinn"] == "Open the side gate.\n\nWho uses it."


async def test_a_scale_keeps_the_number_and_the_reason(monday):
    stage = monday
    while stage.title(stage.prompts()[-1]) != "Room to think":
        await stage.later(weeks=1)
    form = await stage.presses("ada", stage.prompts()[-1], "Answer or edit")
    await stage.fills_in("ada", form, q0="4", r0="No assembly.", sharing="me")
    assert (await stage.answers())["Ada Quinn"] == "4 of 5\nNo assembly."


async def test_the_same_week_survives_a_restart(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "Before the restart.", thread=prompt)
    await stage.restarts()
    await stage.settles()
    [prompt] = stage.prompts()
    await stage.says("ben", "After the restart.", thread=prompt)
    form = await stage.presses("cleo", prompt, "Answer or edit")
    await stage.fills_in("cleo", form, q0="The old button still works.", sharing="me")
    assert len(await stage.answers()) == 3


async def test_prompts_to_direct_messages_come_at_each_readers_own_hour(stage):
    await stage.joins("zoe", "Zoe Reed", zone="America/New_York")
    await stage.joins("kim", "Kim Vale", zone="Asia/Tokyo")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.until("2026-10-05 00:59")
    assert stage.inbox("kim") == []
    await stage.until("2026-10-05 01:00")  # nine in Tokyo
    assert len(stage.inbox("kim")) == 1
    await stage.until("2026-10-05 09:00")
    assert len(stage.inbox("ada")) == 1
    await stage.until("2026-10-05 13:59")
    assert stage.inbox("zoe") == []
    await stage.until("2026-10-05 14:01")  # nine in New York
    assert len(stage.inbox("zoe")) == 1
    assert stage.prompts() == []
    await stage.writes_to_the_bot("zoe", "The night bus driver waited.")
    assert await stage.answers() == {"Zoe Reed": "The night bus driver waited."}


async def test_moderators_see_a_direct_schedule_in_their_own_time(stage):
    done = await stage.confirms("/prompt schedule #staffroom every mon 09:00 to:dm")
    assert "It is first posted on Monday 5 October at 09:00" in stage.text(done)
    await stage.settles()
    assert "Monday 5 October at 09:00" in stage.text(await stage.asks("mo", "/prompt list"))
    # Its digest is for the channel, where nobody saw the prompt itself.
    await stage.until("2026-10-05 10:00")
    await stage.writes_to_the_bot("ada", "The caretaker.")
    await stage.asks("ada", "/reflect share a1 everyone")
    await stage.until("2026-10-09 12:00")
    [digest] = stage.digests()
    assert "One person shared an answer with everyone." in stage.text(digest)


async def test_a_preview_that_nobody_confirms_is_forgotten(stage):
    await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00")
    preview = stage.last("mo")
    await stage.later(days=2)
    [drop] = [job for job in stage.app.runner.jobs if job.name == "dropping old drafts of prompts"]
    assert await drop.run() == 1
    assert "That preview is no longer there" in stage.text(await stage.presses("mo", preview, "Confirm"))


async def test_a_one_off_that_passed_before_it_was_confirmed_is_refused(stage):
    await stage.asks("mo", '/prompt schedule #staffroom "2026-10-05 09:00"')
    preview = stage.last("mo")
    await stage.until("2026-10-05 12:00")
    assert "That time has passed" in stage.text(await stage.presses("mo", preview, "Confirm"))
    assert stage.prompts() == []
