"""What was shared is found by words, by whoever may read it now, and by nobody from the moment on in which they may not."""

from __future__ import annotations

from sqlalchemy import text, update

from bot.finder.stale_entries import OPTION
from bot.people.options import set_option
from bot.search.tables import search_entry
from tests.stories.stage import staged
from tests.stories.test_shared_answers import in_team, share

CALLED = "I called every home on Quetzal Street where a student missed two days. Attendance went up."
TEAM = "Our attendance chart hangs by the copier now, and we look at it on Fridays."
OWN = "Attendance notes for myself: the twins."


async def find(stage, who: str, words: str) -> str:
    """What `/find` shows to somebody."""
    return stage.text(await stage.asks(who, f"/find {words}"))


async def test_answers_are_found_by_words_by_whoever_may_read_them_now(monday):
    stage = monday
    await in_team(stage, "ben", "cleo")
    await share(stage, "ada", "everyone", CALLED)
    await share(stage, "ben", "team", TEAM)
    await share(stage, "cleo", "me", OWN)
    shown = await find(stage, "cleo", "absences")
    assert "Results for “absences”" in shown
    assert "2 results you can read." in shown
    assert CALLED in shown
    assert TEAM in shown
    assert "Ada Quinn" in shown
    assert "shared with everyone" in shown
    assert "twins" not in shown, "what is only one's own is not in the index"
    line = stage.last("cleo")
    assert CALLED in stage.text(await stage.presses("cleo", line, "Read it all"))
    for slip in ("atendance", "asistencia", "Attendance!", "attendance language:en since:2026-10-05"):
        assert CALLED in await find(stage, "mo", slip), slip
    assert TEAM not in await find(stage, "mo", "attendance"), "moderators are not in the team"
    assert "Nothing found" in await find(stage, "mo", "copier"), "not even that there is something"
    assert "Nothing found" in await find(stage, "mo", "volcano")
    assert "Nothing found" in await find(stage, "mo", "attendance language:es")
    await stage.asks("ben", "/reflect share a2 everyone")
    assert TEAM in await find(stage, "mo", "copier")
    await stage.asks("cleo", "/team leave North")
    await stage.asks("ben", "/reflect share a2 team")
    assert "Nothing found" in await find(stage, "cleo", "copier")
    assert await stage.broken() == []


async def test_the_form_asks_for_what_was_not_said_and_keeps_it(monday):
    stage = monday
    await share(stage, "ada", "everyone", CALLED)
    form = await stage.asks("ben", "/find")
    assert stage.is_form(form)
    refused = await stage.fills_in("ben", form, words="what is it about?")
    assert stage.errors(refused) == {"words": "Write a word for what it is about, like attendance."}
    again = await stage.amends("ben", refused)
    found = await stage.fills_in(
        "ben", again, words="attendance", since="The last 30 days", language="English"
    )
    assert CALLED in stage.text(found)
    assert "Language: English." in stage.text(found)
    form = await stage.presses("ben", stage.last("ben"), "Change the search")
    assert stage.value(form, "words") == "attendance"
    none = await stage.fills_in("ben", form, words="attendance", since="The last 90 days", language="Español")
    assert "Nothing found for “attendance”" in stage.text(none)
    assert CALLED in stage.text(await stage.presses("ben", stage.last("ben"), "Search everything"))
    assert "Nothing found" in await find(stage, "ben", "attendance since:2026-10-01 tag:chess lesson:c7.1")
    form = await stage.presses("ben", stage.last("ben"), "Change the search")
    none = stage.text(await stage.fills_in("ben", form, words="attendance"))
    assert "Nothing found for “attendance”" in none, "what was looked for is no unknown option"
    assert "Tag: chess. Since" in none
    assert "Lesson: c7.1." in none
    assert "Those words are in too many texts." in await find(stage, "ben", "what do you")


async def test_more_results_are_on_the_next_page(monday):
    stage = monday
    for number, who in enumerate(("ada", "ben", "cleo", "ida", "mo")):
        await share(stage, who, "everyone", f"Homework number {number} came back.")
    assert "5 results you can read." in await find(stage, "ada", "homework")
    second = stage.text(await stage.presses("ada", stage.last("ada"), "More results"))
    assert second.count("came back.") == 1
    first = stage.text(await stage.presses("ada", stage.last("ada"), "Back"))
    assert first.count("came back.") == 4


async def test_what_is_hidden_edited_taken_back_or_erased_is_found_no_more(monday):
    stage = monday
    said = await stage.says("ada", "The lanterns helped with attendance.", thread=stage.prompts()[0])
    await share(stage, "ben", "everyone", CALLED)
    assert "lanterns" in await find(stage, "cleo", "lantern")
    await stage.edits("ada", said, "The candles helped with attendance.")
    assert "Nothing found" in await find(stage, "cleo", "lantern")
    assert "candles" in await find(stage, "cleo", "attendance")
    form = await stage.asks("mo", "/reflect hide a1")
    await stage.fills_in("mo", form, reason="other")
    assert "candles" not in await find(stage, "cleo", "attendance")
    assert not any("candl" in line for line in await stage.dump() if 'INTO "search_entry"' in line), (
        "not only not shown"
    )
    assert CALLED in await find(stage, "cleo", "attendance")
    await stage.asks("ben", "/reflect delete a2")
    assert "Nothing found" in await find(stage, "cleo", "attendance")
    await stage.presses("ben", stage.last("ben"), "Undo")
    assert CALLED in await find(stage, "cleo", "attendance")
    form = await stage.asks("ben", "/my data delete")
    await stage.fills_in("ben", form, word="DELETE")
    assert "Nothing found" in await find(stage, "cleo", "attendance")
    assert await stage.broken() == []
    await stage.later(minutes=2)
    await stage.settles()
    left = [line for line in await stage.dump() if "quetzal" in line.lower()]
    assert left == []
    segments = await stage.app.store.read(
        lambda conn: conn.execute(text("SELECT block FROM search_text_data")).scalars().all()
    )
    assert not any(b"quetz" in block for block in segments), "the index was merged without what is gone"


async def test_what_another_version_indexed_is_indexed_anew_after_a_start(tmp_path):
    async with staged(tmp_path) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await share(stage, "ada", "everyone", CALLED)
        form = await stage.asks("ben", "/strategy save")
        await stage.fills_in("ben", form, what="Same-day call home", happened="We called at each absence.")

        def make_stale(conn):
            conn.execute(update(search_entry).values(words="stale"))
            set_option(conn, 1, OPTION, "older")

        await stage.app.store.write(make_stale)
        assert "Nothing found" in await find(stage, "mo", "absences")
        await stage.restarts()
        await stage.later(minutes=2)
        shown = await find(stage, "mo", "absences")
        assert CALLED in shown
        assert "Same-day call home" in shown
        assert await stage.broken() == []
