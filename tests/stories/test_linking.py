"""One person with two accounts: a code makes them one member, Unlink makes them two, and nothing is lost either way."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bot.people.link_codes import link_code, link_try
from bot.people.links import link_row, member_link
from bot.reflections.answers.tables import answer
from bot.reflections.shared_answers.tables import opening
from tests.stories.room import Line

CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{2,4}){6}")


async def second_account(stage):
    """Ada comes with another account."""
    await stage.joins("ada2", "Ada at home")
    return stage


async def code_of(stage, who):
    """The code that somebody's account is shown."""
    return CODE.search(stage.text(await stage.asks(who, "/my link")))[0]


async def link(stage, one="ada", other="ada2"):
    """Both accounts are linked; what the second one sees."""
    await stage.asks(other, f"/my link {await code_of(stage, one)}")
    shown = await stage.presses(other, stage.last(other), "Link")
    await stage.settles()
    return shown


async def rows(stage, table):
    return await stage.app.store.read(lambda conn: conn.execute(select(table)).all())


async def test_a_code_makes_two_accounts_one_member_and_both_are_told(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    await stage.says("ada", "The door of the library stood open.", thread=prompt)
    code = await code_of(stage, "ada")
    asked = await stage.asks("ada2", f"/my link {code.lower().replace('-', ' ')!r}".replace("'", '"'))
    assert "Ada Quinn" in stage.text(asked)
    assert await rows(stage, member_link) == []
    done = await stage.presses("ada2", stage.last("ada2"), "Link")
    assert "are linked" in stage.text(done)
    assert "Ada Quinn" in stage.text(done)
    await stage.later(minutes=1)
    [told] = [one for one in stage.inbox("ada") if "Unlink" in one.buttons]
    assert "Ada at home" in told.text
    assert told.buttons == ("Unlink",)
    assert "The door of the library" in stage.text(await stage.asks("ada2", "/reflect history"))
    assert await stage.broken() == []


@pytest.mark.only("local", reason="what is removed, and when, is the core's")
async def test_codes_and_wrong_tries_leave_no_row_after_an_hour(monday):
    stage = await second_account(monday)
    await code_of(stage, "ada")
    await stage.asks("ada2", "/my link ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ")
    await stage.later(minutes=59)
    assert await rows(stage, link_code)
    assert await rows(stage, link_try)
    await stage.later(minutes=2)
    assert await rows(stage, link_code) == []
    assert await rows(stage, link_try) == []


async def test_a_code_can_be_entered_in_a_form(monday):
    stage = await second_account(monday)
    code = await code_of(stage, "ada")
    await stage.asks("ada2", "/my link")
    form = await stage.presses("ada2", stage.last("ada2"), "Enter a code")
    await stage.fills_in("ada2", form, code=code)
    card = stage.last("ada2")
    assert card.buttons == ("Link", "Cancel")
    assert "Nothing was linked" in stage.text(await stage.presses("ada2", card, "Cancel"))
    assert await rows(stage, member_link) == []


async def test_two_answers_to_one_prompt_become_one_and_are_two_again_after_unlinking(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    await stage.says("ada", "Said at school.", thread=prompt)
    await stage.later(minutes=1)
    await stage.says("ada2", "Said at home.", thread=prompt)
    await link(stage)
    assert list((await stage.answers()).values()) == ["Said at school.\n\nSaid at home."]
    await stage.later(minutes=1)
    await stage.says("ada2", "And one more thing.", thread=prompt)
    assert list((await stage.answers()).values()) == [
        "Said at school.\n\nSaid at home.\n\nAnd one more thing."
    ]
    ended = await stage.presses("ada", stage.inbox("ada")[-1], "Unlink")
    assert "two members again" in stage.text(ended)
    await stage.settles()
    assert await stage.answers() == {
        "Ada Quinn": "Said at school.", "Ada at home": "Said at home.\n\nAnd one more thing.",
    }  # fmt: skip
    assert "two members again" in stage.inbox("ada2")[-1].text
    assert await stage.broken() == []


async def test_what_an_account_answers_by_form_while_linked_goes_with_it(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    shown = await link(stage)
    form = await stage.presses("ada2", prompt, "Answer or edit")
    await stage.fills_in("ada2", form, q0="Written at home.", sharing="everyone")
    assert await stage.answers() == {"Ada Quinn": "Written at home."}
    await stage.presses("ada2", shown, "Unlink")
    assert await stage.answers() == {"Ada at home": "Written at home."}


async def test_who_hides_a_joint_answer_hides_both_halves(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    for who in ("ada", "ada2"):
        await stage.says(who, f"Said by {who}.", thread=prompt)
    shown = await link(stage)
    await stage.asks("ada", "/reflect share a1 me")
    await stage.presses("ada2", shown, "Unlink")
    assert {row.sharing for row in await rows(stage, answer)} == {"me"}


async def run_job(stage, name):
    """One job runs, and nothing is sent yet."""
    [job] = [one for one in stage.app.runner.jobs if one.name == name]
    await job.run()


@pytest.mark.only("local", reason="what is on its way is in the outbox, whatever the platform")
async def test_lessons_and_reminders_on_their_way_to_both_are_said_once(stage):
    await second_account(stage)
    await stage.until("2026-10-05 12:00")
    for who in ("ada", "ada2"):
        await stage.asks(who, "/course join c2")
        await stage.presses(who, stage.last(who), "Join")
    await run_job(stage, "lessons arriving")
    shown = await link(stage)
    await stage.later(minutes=1)
    arrived = [one for who in ("ada", "ada2") for one in stage.inbox(who) if "What else" in one.title]
    assert len(arrived) == 1
    await stage.presses("ada2", shown, "Unlink")
    await stage.later(minutes=1)
    before = sum(len(stage.inbox(who)) for who in ("ada", "ada2"))
    stage.clock.set(datetime(2026, 10, 9, 9, 0, tzinfo=UTC))
    await run_job(stage, "asking after lessons")
    await link(stage)
    await stage.later(minutes=5)
    asked = sum(len(stage.inbox(who)) for who in ("ada", "ada2")) - before
    assert asked == 2, "that they are linked, and one reminder"


async def test_the_digest_counts_a_linked_person_once(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    for who in ("ada", "ada2"):
        await stage.says(who, f"Said by {who}.", thread=prompt)
    await stage.until("2026-10-09 10:00")
    assert "2 people shared an answer with everyone." in stage.text(stage.digests()[0])
    shown = await link(stage)
    await stage.settles()
    assert "One person shared an answer with everyone." in stage.text(stage.digests()[0])
    await stage.presses("ada2", shown, "Unlink")
    await stage.later(minutes=1)
    assert "2 people shared an answer with everyone." in stage.text(stage.digests()[0])


async def test_settings_join_and_the_more_private_and_quieter_ones_hold(monday):
    stage = await second_account(monday)
    await stage.asks("ada", "/my settings share:everyone reminders:light zone:Europe/Paris")
    await stage.asks("ada2", "/my settings share:moderators quiet:18:00-08:00")
    shown = await link(stage)
    for who in ("ada", "ada2"):
        told = stage.text(await stage.asks(who, "/my settings"))
        for words in ("moderators", "at most 1 a week", "18:00 to 08:00", "Europe/Paris"):
            assert words in told
    await stage.asks("ada2", "/my settings keep:no")
    await stage.presses("ada2", shown, "Unlink")
    ada, home = [stage.text(await stage.asks(who, "/my settings")) for who in ("ada", "ada2")]
    assert "Everyone" in ada
    assert "18:00 to 08:00" not in ada
    assert "moderators" in home
    assert "at most 2 a week" in home
    for told in (ada, home):
        assert re.search(r"Save what I answer\W+No", told), (
            "what was chosen while they were one holds for both"
        )


async def test_progress_joins_and_parts_without_losing_a_lesson(stage):
    await second_account(stage)
    for who in ("ada", "ada2"):
        await stage.asks(who, "/course join c2")
        await stage.presses(who, stage.last(who), "Join")
    await stage.asks("mo", "/team create North")
    for who in ("ada", "ada2"):
        await stage.asks(who, "/team join North")
    await stage.asks("ada", "/course done c2.1 -- We tried it.")
    await stage.asks("ada2", "/course done c2.2 -- My own note.")
    shown = await link(stage)
    for who in ("ada", "ada2"):
        assert "2 of 2" in stage.text(await stage.asks(who, "/course progress"))
    assert "1 person" in stage.text(await stage.asks("mo", "/team list")) or "1 member" in stage.text(
        await stage.asks("mo", "/team list")
    )
    assert await stage.broken() == []
    await stage.presses("ada2", shown, "Unlink")
    await stage.settles()
    for who in ("ada", "ada2"):
        assert "1 of 2" in stage.text(await stage.asks(who, "/course progress"))
    assert await stage.broken() == []


async def test_a_lesson_is_done_when_either_account_did_it(stage):
    await second_account(stage)
    for who in ("ada", "ada2"):
        await stage.asks(who, "/course join c2")
        await stage.presses(who, stage.last(who), "Join")
    await stage.until("2026-10-05 12:00")
    await stage.asks("ada2", "/course done c2.1 -- My own note.")
    shown = await link(stage)
    assert "1 of 2" in stage.text(await stage.asks("ada", "/course progress"))
    await stage.until("2026-10-06 12:00")
    assert sum("What would help" in one.title for who in ("ada", "ada2") for one in stage.inbox(who)) == 1
    await stage.presses("ada2", shown, "Unlink")
    assert "1 of 2" in stage.text(await stage.asks("ada2", "/course progress"))
    assert await stage.broken() == []


async def test_nobody_is_counted_among_the_readers_of_their_own_answer(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    await stage.says("ada", "For everybody.", thread=prompt)
    assert "For everybody." in stage.text(await stage.asks("ada2", "/reflect read"))
    assert len(await rows(stage, opening)) == 1
    shown = await link(stage)
    assert await rows(stage, opening) == []
    await stage.presses("ada2", shown, "Unlink")
    assert len(await rows(stage, opening)) == 1


async def test_a_role_does_not_travel_to_the_other_account(monday):
    stage = monday
    await link(stage, "mo", "ada")
    assert "moderator" in stage.text(await stage.asks("ada", "/prompt list")).lower()
    assert "s1" in stage.text(await stage.asks("mo", "/prompt list"))


async def test_the_export_shows_both_accounts_and_erasure_covers_both(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    await stage.says("ada", "Words from school.", thread=prompt)
    await stage.says("ada2", "Words from home.", thread=prompt)
    for who in ("ada", "ada2"):
        await stage.asks(who, "/course join c2")
        await stage.presses(who, stage.last(who), "Join")
        await stage.asks(who, f"/course done c2.1 -- A note by {who}.")
    await link(stage)
    whole = stage.files(await stage.asks("ada", "/my data export"))["tilth-my-data.json"].decode()
    for words in ("Words from school.", "Words from home.", "A note by ada.", "A note by ada2."):
        assert words in whole
    assert len(json.loads(whole)["about you"][0]["accounts"]) == 2
    assert json.loads(whole)["linked accounts"][0]["set aside"]
    form = await stage.asks("ada2", "/my data delete")
    await stage.fills_in("ada2", form, word="DELETE")
    await stage.later(hours=7)
    assert await stage.answers() == {}
    dump = "\n".join(await stage.dump())
    for words in ("Words from", "A note by", "Ada Quinn", "Ada at home"):
        assert words not in dump
    assert await rows(stage, link_row) == []
    assert await stage.broken() == []


async def test_a_person_in_two_places_is_asked_once_by_direct_message(stage):
    await second_account(stage)
    await link(stage)
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d to:dm")
    before = len(stage.inbox("ada")) + len(stage.inbox("ada2"))
    await stage.until("2026-10-05 10:00")
    assert len(stage.inbox("ada")) + len(stage.inbox("ada2")) == before + 1


async def test_who_links_while_both_are_about_to_be_asked_is_asked_once(stage):
    await second_account(stage)
    for who in ("ada", "ada2"):
        await stage.asks(who, "/my settings quiet:08:00-11:00")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d to:dm")
    await stage.until("2026-10-05 10:00")
    await link(stage)
    before = len(stage.inbox("ada")) + len(stage.inbox("ada2"))
    await stage.until("2026-10-05 12:00")
    assert len(stage.inbox("ada")) + len(stage.inbox("ada2")) == before + 1


# ── codes ─────────────────────────────────────────────────────────────────────


async def test_a_code_works_once_for_ten_minutes_and_not_for_the_account_that_made_it(monday):
    stage = await second_account(monday)

    async def enters(who, code):
        return stage.text(await stage.asks(who, f"/my link {code}"))

    assert "That code is wrong" in await enters("ada2", "ABCD-EFGH")
    code = await code_of(stage, "ada")
    assert "This account made that code" in await enters("ada", code)
    await stage.later(minutes=11)
    assert "older than ten minutes" in await enters("ada2", code)
    replaced, code = await code_of(stage, "ada"), await code_of(stage, "ada")
    assert "used already" in await enters("ada2", replaced)
    await enters("ada2", code)
    card = stage.last("ada2")
    await enters("ben", code)
    late = stage.last("ben")
    await stage.presses("ada2", card, "Link")
    assert "used already" in stage.text(await stage.presses("ben", late, "Link"))
    assert len(await rows(stage, member_link)) == 1
    assert "linked already" in await enters("ada2", await code_of(stage, "ada"))


async def test_the_database_holds_no_code(monday):
    stage = await second_account(monday)
    code = await code_of(stage, "ada")
    await stage.asks("ada2", f"/my link {code}")
    dump = "\n".join(await stage.dump())
    assert code not in dump
    assert code.replace("-", "") not in dump
    assert len(await rows(stage, link_code)) == 1


async def test_who_enters_five_wrong_codes_waits_an_hour_also_after_a_restart(monday):
    stage = await second_account(monday)
    for number in range(5):
        assert "is wrong" in stage.text(await stage.asks("ada2", f"/my link WRONG-{number}"))
    await stage.restarts()
    code = await code_of(stage, "ada")
    assert "5 wrong codes" in stage.text(await stage.asks("ada2", f"/my link {code}"))
    await stage.asks("ben", f"/my link {code}")
    assert stage.last("ben").buttons == ("Link", "Cancel"), "others are not locked out"
    await stage.later(minutes=61)
    code = await code_of(stage, "ada")
    assert "Link these two accounts?" in stage.text(await stage.asks("ada2", f"/my link {code}"))


async def test_an_account_makes_at_most_five_codes_an_hour(monday):
    stage = monday
    for _ in range(5):
        await code_of(stage, "ada")
    assert "5 codes within an hour" in stage.text(await stage.asks("ada", "/my link"))
    await stage.later(minutes=61)
    await code_of(stage, "ada")
    assert len(await rows(stage, link_code)) == 1, "what counts for nothing any more is removed"


async def test_nobody_unlinks_others_and_nobody_links_two_groups_of_accounts(monday):
    stage = await second_account(monday)
    shown = await link(stage)
    forged = await stage.forges("ben", shown, "Unlink") if isinstance(shown, Line) and shown.private else None
    if forged is not None:
        assert "not linked anymore" in stage.text(forged)
    assert len(await rows(stage, member_link)) == 1
    await link(stage, "ben", "cleo")
    asked = stage.text(await stage.asks("cleo", f"/my link {await code_of(stage, 'ada')}"))
    assert "linked to others already" in asked
    assert len(await rows(stage, member_link)) == 2


async def test_a_third_account_can_be_linked_and_each_goes_its_own_way_again(monday):
    stage, [prompt] = await second_account(monday), monday.prompts()
    await stage.joins("ada3", "Ada on the road")
    for who in ("ada", "ada2", "ada3"):
        await stage.says(who, f"By {who}.", thread=prompt)
    await link(stage)
    await link(stage, "ada2", "ada3")
    assert len(await stage.answers()) == 1
    card = await stage.asks("ada", "/my link")
    assert len([one for one in card.buttons if one.startswith("Unlink")]) == 2
    await stage.presses(
        "ada",
        stage.last("ada"),
        "Unlink Ada at home (Story)"
        if stage.platform.platform == "local"
        else next(one for one in card.buttons if "Ada at home" in one),
    )
    await stage.settles()
    assert sorted((await stage.answers()).values()) == ["By ada.\n\nBy ada3.", "By ada2."]
    assert await stage.broken() == []


@pytest.mark.only("local", reason="the file of the database is put back")
async def test_a_backup_from_while_they_were_linked_loses_only_the_account_that_was_erased(monday, tmp_path):
    stage, [prompt] = await second_account(monday), monday.prompts()
    for who in ("ada", "ada2"):
        await stage.says(who, f"Said by {who}.", thread=prompt)
    shown = await link(stage)
    await stage.stops()
    shutil.copy(tmp_path / "tilth.db", tmp_path / "yesterday.db")
    await stage.starts()
    await stage.presses("ada2", shown, "Unlink")
    form = await stage.asks("ada2", "/my data delete")
    await stage.fills_in("ada2", form, word="DELETE")
    await stage.stops()
    shutil.copy(tmp_path / "yesterday.db", tmp_path / "tilth.db")
    await stage.starts()
    await stage.settles()
    assert await stage.answers() == {"Ada Quinn": "Said by ada."}
    assert await stage.broken() == []


@pytest.mark.only("local", reason="the rows are asked, whatever the platform")
async def test_codes_of_an_erased_account_are_gone(monday):
    stage = await second_account(monday)
    code = await code_of(stage, "ada")
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    count = await stage.app.store.read(
        lambda conn: conn.execute(select(func.count()).select_from(link_code)).scalar_one()
    )
    assert count == 0
    assert "That code is wrong" in stage.text(await stage.asks("ada2", f"/my link {code}"))
