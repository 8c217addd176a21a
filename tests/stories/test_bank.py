"""The prompt bank in chat: moderators write, change, order, import and export prompts without touching a file."""

from __future__ import annotations

import re

from bot.reflections.prompts.files import read_decks
from tests.stories.stage import DECKS

NEW = {
    "deck": "weekly", "title": "The back stairs", "question": "What did you hear on the back stairs this week?",
    "answer": "text", "hints": "Say when.\nWhat made it possible?\nWhere could it happen next?\n#term1 #listening",
}  # fmt: skip


async def adds(stage, who="mo", **changes):
    form = await stage.asks(who, "/prompt add")
    return await stage.fills_in(who, form, **{**NEW, **changes})


def name(stage, shown):
    """The short id of the prompt that a card shows."""
    return re.search(r"Prompt:? (p\d+)", stage.text(shown))[1]


async def rhythm(stage, more=""):
    return await stage.confirms(f"/prompt schedule #staffroom every mon 09:00 closes:4d {more}")


async def asked_on(stage, day):
    await stage.until(f"{day} 09:01")
    return stage.title(stage.prompts()[-1])


async def test_a_moderator_writes_a_prompt_and_puts_it_in_front(stage):
    shown = await adds(stage)
    new = name(stage, shown)
    assert f"Added as {new}" in stage.text(shown)
    assert "#term1 #listening" in stage.text(shown)
    await rhythm(stage)
    assert f"1. {new}" in stage.text(await stage.asks("mo", f"/prompt move {new} top"))
    assert "The back stairs" in stage.text(await stage.asks("mo", "/prompt list"))
    assert await asked_on(stage, "2026-10-05") == "The back stairs"
    # It has left the queue: from now on the draw decides again.
    assert await asked_on(stage, "2026-10-12") != "The back stairs"
    assert "Asked next" not in stage.text(await stage.asks("mo", "/prompt list"))


async def test_the_queue_is_ordered_by_hand(stage):
    await stage.asks("mo", "/prompt move p1 top")
    await stage.asks("mo", "/prompt move p2 top")
    await stage.asks("mo", "/prompt move p3 bottom")
    line = stage.text(await stage.asks("mo", "/prompt move p1 up"))
    assert [f"{place}. p{place}" in line for place in (1, 2, 3)] == [True, True, True]
    line = stage.text(await stage.asks("mo", "/prompt move p2 out"))
    assert "p2" not in line
    await rhythm(stage)
    first = await asked_on(stage, "2026-10-05")
    second = await asked_on(stage, "2026-10-12")
    assert [first, second] == ["A door held open", "Two small things"]


async def test_what_nobody_has_read_is_edited_in_place(stage):
    new = name(stage, await adds(stage))
    form = await stage.asks("mo", f"/prompt edit {new}")
    assert stage.value(form, "question") == NEW["question"]
    shown = await stage.fills_in(
        "mo", form, question="What did you hear on the stairs?", answer="1 to 5: nothing, a lot"
    )
    assert "the next time it is asked, it is asked like this" in stage.text(shown)
    shown = stage.text(await stage.asks("mo", f"/prompt show {new}"))
    assert "What did you hear on the stairs?" in shown
    assert "1 (nothing) to 5 (a lot)" in shown
    assert stage.text(await stage.asks("mo", "/prompt list deck:weekly")).count("stairs") == 2


async def test_what_was_asked_keeps_its_words_and_the_edit_is_a_new_prompt(stage):
    old = name(stage, await adds(stage))
    await stage.asks("mo", f"/prompt move {old} top")
    await rhythm(stage)
    assert await asked_on(stage, "2026-10-05") == "The back stairs"
    prompt = stage.prompts()[0]
    await stage.says("ada", "A laugh.", thread=prompt)
    form = await stage.asks("mo", f"/prompt edit {old}")
    shown = await stage.fills_in("mo", form, title="The front stairs")
    new = name(stage, shown)
    assert f"{old} was already posted with the old text" in stage.text(shown)
    assert f"Your text is {new}" in stage.text(shown)
    assert "The back stairs" in stage.title(stage.prompts()[0])
    listed = stage.text(await stage.asks("mo", "/prompt list deck:weekly"))
    assert f"{new} The front stairs" in listed
    assert "retired, asked once" in listed


async def test_an_edit_of_a_files_prompt_is_a_copy_that_survives_a_restart(stage):
    form = await stage.asks("mo", "/prompt edit p1")
    shown = await stage.fills_in("mo", form, title="A gate held open")
    assert "is what its content file says" in stage.text(shown)
    await stage.restarts()
    listed = stage.text(await stage.asks("mo", "/prompt list deck:weekly"))
    assert f"{name(stage, shown)} A gate held open" in listed
    assert "p1 A door held open" in listed
    assert "retired, not asked yet" in listed


async def test_a_form_with_mistakes_stays_open_and_names_each(stage):
    form = await stage.asks("mo", "/prompt add")
    errors = stage.errors(
        await stage.fills_in(
            "mo",
            form,
            **{
                **NEW,
                "question": "x" * 300,
                "answer": "maybe",
                "hints": "only one",
                "title": "@everyone look",
            },
        )
    )
    assert "at most 299 characters" in errors["question"]
    assert "1 to 5: none, plenty" in errors["answer"]
    assert "Write three, one per line, or none" in errors["hints"]
    assert "would notify everybody" in errors["title"]


async def test_a_retired_prompt_is_asked_no_more_until_it_is_brought_back(stage):
    shown = await stage.asks("mo", "/prompt retire p1")
    assert "will not be asked again" in stage.text(shown)
    await stage.asks("mo", "/prompt retire p2")
    await rhythm(stage)
    assert await asked_on(stage, "2026-10-05") == "Two small things"
    assert await asked_on(stage, "2026-10-12") == "Two small things"
    await stage.restarts()
    await stage.asks("mo", "/prompt unretire p1")
    assert await asked_on(stage, "2026-10-19") == "A door held open"


async def test_undo_brings_a_retired_prompt_back(stage):
    await stage.asks("mo", "/prompt retire p1")
    shown = await stage.presses("mo", stage.last("mo"), "Undo")
    assert "p1 can be asked again" in stage.text(shown)


async def test_tags_find_prompts_and_choose_what_a_schedule_asks(stage):
    await stage.asks("mo", "/prompt tag p3 -- #Term1, listening")
    assert "#term1 #listening" in stage.text(await stage.asks("mo", "/prompt show p3"))
    listed = stage.text(await stage.asks("mo", "/prompt list tag:term1"))
    assert "Two small things" in listed
    assert "A door held open" not in listed
    await rhythm(stage, "tag:term1")
    for day in ("2026-10-05", "2026-10-12"):
        assert await asked_on(stage, day) == "Two small things"


async def test_the_first_deck_comes_first_and_the_next_when_it_is_exhausted(stage):
    await adds(stage, deck="exams")
    await rhythm(stage, "deck:exams,weekly")
    titles = [
        await asked_on(stage, day)
        for day in ("2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02")
    ]
    assert titles[0] == "The back stairs"
    assert "The back stairs" not in titles[1:4]
    assert titles[4] == "The back stairs"


async def test_many_questions_come_in_at_once_with_a_report_for_each_line(stage):
    form = await stage.asks("mo", "/prompt import")
    text = "\n".join(
        (
            "- Who made you laugh this week?",
            "The quiet one | Who was quieter than usual?",
            "x" * 300,
            "Who or what held a door open for you this week?",
            "Hello @everyone, what now?",
        )
    )
    report = stage.text(await stage.fills_in("mo", form, deck="weekly", text=text))
    assert "2 prompts added to" in report
    assert "3 lines left out" in report
    assert "at most 299 characters" in report
    assert "in the deck already" in report
    assert "notify everybody" in report
    listed = stage.text(await stage.asks("mo", "/prompt list deck:weekly"))
    assert "The quiet one" in listed


async def test_a_pasted_content_file_with_mistakes_names_their_lines_and_adds_nothing(stage):
    form = await stage.asks("mo", "/prompt import")
    text = "theme: Halls\nprompts:\n  - id: one\n    title: One\n    form: one-moment\n    level: relting\n    question: Who?\n"
    wrong = await stage.fills_in("mo", form, deck="weekly", text=text)
    errors = stage.errors(wrong)
    assert "Line 6" in errors["text"]
    assert "relating" in errors["text"]
    text = text.replace("relting", "relating") + "    one_line: A name of a thing.\n"
    form = await stage.asks("mo", "/prompt import")
    report = stage.text(await stage.fills_in("mo", form, deck="weekly", text=text))
    assert "1 prompt added" in report


async def test_what_was_written_in_chat_becomes_a_file_that_passes_the_check(stage, tmp_path):
    await adds(stage)
    await adds(
        stage, title="How loud", question="How loud was the hall?", answer="1 to 5: still, roaring", hints=""
    )
    await adds(
        stage, title="Where", question="Where did you eat?", answer="desk / hall / not at all", hints="#food"
    )
    shown = await stage.asks("mo", "/prompt export deck:weekly")
    files = stage.files(shown)
    assert set(files) == {"from-chat.yaml"}
    folder = tmp_path / "content" / "reflections" / "weekly"
    folder.mkdir(parents=True)
    for file in (DECKS / "reflections" / "weekly").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "from-chat.yaml").write_bytes(files["from-chat.yaml"])
    deck = folder / "deck.yaml"
    deck.write_text(deck.read_text().replace("[all.yaml]", "[all.yaml, from-chat.yaml]"))
    [weekly] = read_decks(tmp_path / "content")
    assert [one.title for one in weekly.prompts][3:] == ["The back stairs", "How loud", "Where"]
    assert weekly.prompts[3].tags == ("term1", "listening")


async def test_a_new_deck_is_exported_with_its_own_head(stage, tmp_path):
    await adds(stage, deck="Exam Weeks!")
    files = stage.files(await stage.asks("mo", "/prompt export"))
    folder = tmp_path / "content" / "reflections" / "exam-weeks"
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    [deck] = read_decks(tmp_path / "content")
    assert (deck.slug, deck.title, len(deck.prompts)) == ("exam-weeks", "Exam weeks", 1)


async def test_a_deck_that_runs_dry_is_told_before_and_more_prompts_end_it(stage):
    await stage.asks("mo", "/report note monday:no")  # what is said of the deck is meant, not the week
    await rhythm(stage)
    await asked_on(stage, "2026-10-05")
    await stage.says("ada", "The bus.", thread=stage.prompts()[0])  # or moderators hear that nobody did
    assert stage.inbox("mo") == []
    await asked_on(stage, "2026-10-12")
    [told] = stage.inbox("mo")
    assert "has one prompt" in stage.text(told)
    for word in ("left", "right", "top"):
        await adds(stage, title=word, question=f"What is on the {word}?")
    await stage.later(minutes=1)
    [told] = stage.inbox("mo")
    assert "has enough prompts to ask" in stage.text(told)


async def test_every_change_of_the_bank_is_on_record(stage):
    new = name(stage, await adds(stage))
    await stage.fills_in("mo", await stage.asks("mo", f"/prompt edit {new}"), title="The side stairs")
    await stage.asks("mo", f"/prompt tag {new} -- halls")
    await stage.asks("mo", f"/prompt move {new} top")
    await stage.asks("mo", f"/prompt retire {new}")
    await stage.asks("mo", f"/prompt unretire {new}")
    log = stage.text(await stage.asks("ida", "/tilth audit"))
    for what in ("added", "edited", "tagged", "retired", "brought back"):
        assert f"Mo Hale (moderator) {what} {new}" in log
    assert "Mo Hale (moderator) ordered the queue" in log
    assert "title: The back stairs → The side stairs" in log


async def test_an_unknown_prompt_is_named_with_what_to_do(stage):
    for line in ("edit p99", "show p99", "retire p99", "unretire p99", "tag p99 -- x", "move p99 top"):
        assert "There is no prompt p99." in stage.text(await stage.asks("mo", f"/prompt {line}"))
