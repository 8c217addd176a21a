"""The bot's own page, shortcuts, pins, closed threads and attached files, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.chat.card_examples import examples
from bot.chat.models import Place
from tests.browser.conftest import Open, Scene
from tests.browser.stand_in import prompt
from tests.browser.test_page import nameless, write

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def own_page(scene: Scene, open_tab: Open, who: str = "tomas", width: int = 1280) -> Page:
    page = await open_tab(scene.at(who, f"dm-{who}", home="yes"), width=width)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Tilth's page for you")
    return page


# ── the bot's own page ────────────────────────────────────────────────────────


async def test_the_bots_own_page_is_in_the_list_of_rooms_and_is_ones_own(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await page.get_by_role("link", name="Tilth's page for you").click()
    await expect(page.locator("#home")).to_contain_text("For Tomás Ferreira: a prompt is open.")
    await expect(page.locator(".rooms [aria-current=page]")).to_have_text("Tilth's page for you")
    await page.locator(".acting").click()
    await page.get_by_role("link", name="Adaeze Obi").click()
    await expect(page.locator("#home")).to_contain_text("For Adaeze Obi: a prompt is open.")
    await page.locator(".rooms a", has_text="staffroom").click()
    await expect(page.locator("#compose-channel")).to_be_visible()


async def test_a_button_of_the_page_answers_there_and_in_the_direct_message(scene: Scene, open_tab: Open):
    page = await own_page(scene, open_tab)
    await page.get_by_role("button", name="Not this week").click()
    answer = page.get_by_role("region", name="What Tilth answered")
    await expect(answer).to_contain_text("Fine, not this week.")
    await expect(page.locator("#home > .card")).to_contain_text("Open prompts")
    await page.get_by_role("button", name="Dismiss this answer").click()
    await expect(answer).to_have_count(0)
    await page.locator(".rooms a", has_text="Tilth").last.click()
    await expect(page.locator(".message")).to_contain_text("Fine, not this week.")


async def test_a_form_of_the_page_opens_and_what_it_answers_has_working_buttons(scene: Scene, open_tab: Open):
    page = await own_page(scene, open_tab)
    await page.get_by_role("button", name="Answer", exact=True).click()
    await page.get_by_label("What did you notice?").fill("We tried wait time.")
    await page.get_by_role("button", name="Keep it").click()
    answer = page.get_by_role("region", name="What Tilth answered")
    await expect(answer.locator("blockquote")).to_have_text("We tried wait time.")
    await answer.get_by_role("button", name="Delete").click()
    await expect(answer).to_contain_text("Fine, not this week.")


async def test_what_is_chosen_on_the_page_holds_at_once_in_every_tab(scene: Scene, open_tab: Open):
    page, other = await own_page(scene, open_tab), await own_page(scene, open_tab)
    await page.locator("#home select").select_option("light")
    await page.get_by_role("button", name="Choose Reminders").click()
    await expect(other.locator("#home select")).to_have_value("light")
    assert scene.door.homes == {"tomas": "light"}


async def test_the_page_follows_what_others_do(scene: Scene, open_tab: Open):
    page = await own_page(scene, open_tab)
    await expect(page.locator("#home")).to_contain_text("0 messages were heard.")
    await scene.adapter.say("adaeze", "staffroom", "hello")
    await expect(page.locator("#home")).to_contain_text("1 messages were heard.")


async def test_a_picture_on_the_page_is_shown(scene: Scene, open_tab: Open):
    page = await own_page(scene, open_tab)
    picture = page.get_by_role("img", name="A single gray dot")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("e => e.decode().then(() => e.naturalWidth)") == 1


async def test_the_page_can_be_skipped_to_and_every_control_has_a_name(scene: Scene, open_tab: Open):
    page = await own_page(scene, open_tab)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#own")).to_be_focused()
    await nameless(page)


# ── shortcuts ─────────────────────────────────────────────────────────────────


async def more(page: Page, words: str) -> None:
    await page.locator(".message", has_text=words).hover()
    await page.locator(".message", has_text=words).get_by_text("More").click()


async def test_a_message_has_the_shortcuts_that_its_reader_may_use(scene: Scene, open_tab: Open):
    await scene.adapter.say("tomas", "staffroom", "We tried wait time.")
    for who, offers in (
        ("tomas", ["Save as my reflection", "Suggest as prompt"]),
        ("maren", ["Save as my reflection", "Suggest as prompt", "Plan a discussion"]),
    ):
        page = await open_tab(scene.at(who))
        await more(page, "We tried wait time.")
        await expect(page.locator("dialog .offer strong")).to_have_text(offers)
        await nameless(page)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).not_to_be_visible()


async def test_a_shortcut_is_told_with_its_message_and_answers_where_the_message_is(
    scene: Scene, open_tab: Open
):
    root = await scene.adapter.say("adaeze", "staffroom", "Corridors")
    said = await scene.adapter.say("tomas", "staffroom", "We tried wait time.", root)
    page = await open_tab(scene.at("tomas", thread=root))
    await page.locator(".side .message", has_text="We tried").hover()
    await page.locator(".side .message", has_text="We tried").get_by_text("More").click()
    await page.get_by_role("button", name="Save as my reflection").press("Enter")
    await expect(page.locator(".side .message.private blockquote")).to_have_text("We tried wait time.")
    [used] = scene.door.used
    assert (used.id, used.message and used.message.id, used.place.thread) == ("reflect.save", said, root)


async def test_a_shortcut_from_anywhere_opens_its_form(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("button", name="Answer the prompt").click()
    await page.get_by_label("What did you notice?").fill("From anywhere.")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator(".message.private blockquote")).to_have_text("From anywhere.")
    assert [used.message for used in scene.door.used] == [None]


# ── pins and closed threads ───────────────────────────────────────────────────


async def test_a_pinned_message_is_named_on_top_and_led_to(scene: Scene, open_tab: Open):
    here = Place(scene.adapter.space, "staffroom")
    id = await scene.adapter.post(here, prompt(1), "p1")
    for number in range(20):
        await scene.adapter.say("adaeze", "staffroom", f"message {number}")
    page = await open_tab(scene.at("tomas"))
    await scene.adapter.pin(here, id, pinned=True)
    pin = page.get_by_role("list", name="Pinned messages").get_by_role("link")
    await expect(pin).to_have_text("When did a student surprise you this week?")
    await expect(page.locator(f"#m{id}")).not_to_be_in_viewport()
    await pin.click()
    await expect(page.locator(f"#m{id}")).to_be_in_viewport()
    await scene.adapter.pin(here, id, pinned=False)
    await expect(page.locator(".pins")).to_have_count(0)


async def test_in_a_closed_thread_nobody_writes_until_it_is_open_again(scene: Scene, open_tab: Open):
    here = Place(scene.adapter.space, "staffroom")
    root = await scene.adapter.post(here, prompt(1), "p1")
    thread = Place(scene.adapter.space, "staffroom", root)
    page = await open_tab(scene.at("tomas", thread=root))
    box = page.locator("#compose-thread")
    await box.fill("half a thought")
    await scene.adapter.close(thread, closed=True)
    await expect(page.get_by_text("This thread is closed.")).to_be_visible()
    await expect(box).not_to_be_visible()
    await expect(page.locator("#compose-channel")).to_be_visible()
    await scene.adapter.close(thread, closed=False)
    await expect(box).to_have_value("half a thought")
    await expect(box).to_be_visible()


# ── attached files ────────────────────────────────────────────────────────────

PHOTO = {"name": "the board.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 123_000}
NOTES = {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"x"}


async def test_a_photo_without_words_can_be_sent(scene: Scene, open_tab: Open):
    page, other = await open_tab(scene.at("tomas")), await open_tab(scene.at("adaeze"))
    await page.get_by_label("Attach a file").set_input_files([PHOTO, NOTES])
    chosen = page.locator(".chosen li")
    await expect(chosen.first).to_contain_text("the board.jpg, 123 kB")
    await nameless(page)
    await page.get_by_role("button", name="Do not attach notes.pdf").click()
    await expect(chosen).to_have_count(1)
    await expect(page.locator("#compose-channel")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(other.locator(".message .files")).to_contain_text("the board.jpg")
    await expect(chosen).to_have_count(0)
    [told] = scene.door.told
    assert (told.message.text, told.message.files) == ("", ("the board.jpg",))


async def test_files_that_could_not_be_sent_come_back(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await page.get_by_label("Attach a file").set_input_files([PHOTO])
    await write(page, "/reflect history")
    await expect(page.locator("#notice")).to_contain_text("A command takes no files.")
    await expect(page.locator(".chosen li")).to_contain_text("the board.jpg")
    await expect(page.locator("#compose-channel")).to_have_value("/reflect history")
    scene.complaints.clear()  # the browser reports the refused request, as it should


# ── at every width ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
async def test_nothing_of_it_scrolls_sideways(scene: Scene, open_tab: Open, width: int):
    here = Place(scene.adapter.space, "staffroom")
    root = await scene.adapter.post(here, examples()[0], "all")
    await scene.adapter.pin(here, root, pinned=True)
    await scene.adapter.close(Place(scene.adapter.space, "staffroom", root), closed=True)
    await scene.adapter.open_home("tomas")
    await scene.adapter.press("tomas", "dm-tomas", "home", "Not this week")
    for url in (scene.at("tomas"), scene.at("tomas", thread=root), scene.at("tomas", home="yes")):
        page = await open_tab(url, width=width)
        await page.locator("h1").first.wait_for(state="attached")
        wide = await page.evaluate(
            "[...document.querySelectorAll('html, body, .scroll, .pane, .pins, .composer')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className || e.tagName)"
        )
        assert wide == []
        await page.close()
