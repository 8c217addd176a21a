"""What people do on the playground's page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from bot.chat.card_examples import examples
from bot.chat.models import Place
from tests.browser.conftest import Open, Scene
from tests.browser.stand_in import prompt

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def write(page: Page, text: str, where: str = "channel") -> None:
    box = page.locator(f"#compose-{where}")
    await box.fill(text)
    await box.press("Enter")


# ── talking ───────────────────────────────────────────────────────────────────


async def test_what_one_tab_says_another_tab_shows_at_once(scene: Scene, open_tab: Open):
    tomas = await open_tab(scene.at("tomas"))
    adaeze = await open_tab(scene.at("adaeze"))
    await write(tomas, "Anyone have the key to *room 12*?")
    await expect(adaeze.locator(".message .text")).to_have_text("Anyone have the key to room 12?")
    await expect(adaeze.locator(".message em")).to_have_text("room 12")
    await expect(tomas.locator("#compose-channel")).to_have_value("")


async def test_shift_enter_begins_a_new_line(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await page.locator("#compose-channel").press_sequentially("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message .text")).to_have_text("one\ntwo", use_inner_text=True)


async def test_markup_in_a_message_stays_text(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await write(page, "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://example.org/p.png)")
    await expect(page.locator(".message .text")).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(page.locator(".message .text img")).to_have_count(0)
    assert await page.locator(".message .text a[href^=javascript]").count() == 0


async def test_own_messages_can_be_edited_and_deleted_with_the_keyboard(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    other = await open_tab(scene.at("adaeze"))
    await write(page, "helo")
    await expect(page.locator(".message")).to_have_count(1)
    await page.locator(".message .tools").get_by_text("Edit").focus()
    await expect(page.locator(".message .tools")).to_have_css("opacity", "1")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog #edit-text")).to_be_focused()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("hello")
    await page.get_by_role("button", name="Save").press("Enter")
    await expect(other.locator(".message .text")).to_have_text("hello")
    await expect(other.locator(".message .edited")).to_contain_text("edited")
    await expect(page.locator("dialog")).not_to_be_visible()
    await expect(other.locator(".message .tools").get_by_text("Delete")).to_have_count(0)
    await page.locator(".message .tools").get_by_text("Delete").press("Enter")
    await expect(other.locator(".message")).to_have_count(0)
    assert [(e.message.text, e.message.deleted) for e in scene.door.told] == [
        ("helo", False),
        ("hello", False),
        ("", True),
    ]


async def test_a_reply_to_somebody_is_told_as_one(scene: Scene, open_tab: Open):
    root = await scene.adapter.post(Place(scene.adapter.space, "staffroom"), prompt(1), "p1")
    await scene.adapter.say("adaeze", "staffroom", "an answer", root)
    page = await open_tab(scene.at("tomas", thread=root))
    await page.locator(".side .message", has_text="an answer").hover()
    await page.locator(".side .message", has_text="an answer").get_by_text("Reply to").click()
    await expect(page.locator(".side .chip")).to_contain_text("Adaeze Obi")
    await write(page, "well said", "thread")
    await expect(page.locator(".side .answering")).to_have_text("In reply to Adaeze Obi: an answer")
    assert scene.door.told[-1].message.to == {"adaeze"}
    await write(page, "my own answer", "thread")
    await expect(page.locator(".side .message", has_text="my own answer")).to_be_visible()
    assert scene.door.told[-1].message.to == frozenset()
    await expect(page.locator(".main .replies")).to_contain_text("3 replies")


async def test_reactions_are_added_and_taken_away(scene: Scene, open_tab: Open):
    await scene.adapter.say("adaeze", "staffroom", "hello")
    page = await open_tab(scene.at("tomas"))
    await page.locator(".message").hover()
    await page.locator(".message").get_by_text("React").click()
    await page.get_by_role("button", name="React with 🌱").click()
    pill = page.locator(".reaction")
    await expect(pill).to_have_attribute("aria-pressed", "true")
    await pill.click()
    await expect(pill).to_have_count(0)


async def test_unread_marks_come_and_go(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await scene.adapter.say("adaeze", "reflections", "hello")
    mark = page.locator(".rooms .count")
    await expect(mark).to_contain_text("1 unread")
    await page.locator(".rooms a", has_text="reflections").click()
    await expect(page.locator(".message .text")).to_have_text("hello")
    await expect(mark).to_have_count(0)


# ── asking ────────────────────────────────────────────────────────────────────


async def test_a_form_with_a_missing_field_stays_open_and_keeps_the_rest(scene: Scene, open_tab: Open):
    await scene.adapter.post(Place(scene.adapter.space, "staffroom"), prompt(1), "p1")
    page = await open_tab(scene.at("tomas"))
    await page.get_by_role("button", name="Answer", exact=True).click()
    box = page.get_by_label("What did you notice?")
    await expect(box).to_be_focused()
    await page.get_by_label("Everyone").check()
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator(".wrong")).to_have_text("Please fill this in.")
    await expect(box).to_be_focused()
    await expect(page.get_by_label("Everyone")).to_be_checked()
    await box.fill("We tried wait time.")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator("dialog")).not_to_be_visible()
    receipt = page.locator(".message.private")
    await expect(receipt).to_contain_text("Your answer is kept.")
    await expect(receipt.locator("blockquote")).to_have_text("We tried wait time.")


async def test_a_form_shows_every_kind_of_field_and_escape_closes_it(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await write(page, "/tilth everything")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("dialog .wrong")).to_have_count(2)  # the title and the scale
    await expect(page.get_by_label("Monday")).to_be_checked()
    await expect(page.get_by_label("When?")).to_have_value("2026-10-05T09:00")
    await expect(page.locator("dialog select option")).to_have_count(6)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).not_to_be_visible()


async def test_a_command_is_written_with_the_keyboard_and_suggestions(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    box = page.locator("#compose-channel")
    ways = page.locator("#ways-channel [role=option]")
    await box.press_sequentially("/ref")
    await expect(ways).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/reflect ")
    await expect(ways).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/reflect answer ")
    await expect(ways.first).to_contain_text("p1 When did a student surprise you?")
    await expect(box).to_have_attribute("aria-activedescendant", "way-channel-0")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/reflect answer p1 ")
    await page.keyboard.type("-- We tried wait time.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("What did you notice?")).to_have_value("We tried wait time.")


async def test_a_moderators_command_is_suggested_to_moderators_only(scene: Scene, open_tab: Open):
    for who, count in (("maren", 1), ("tomas", 0)):
        page = await open_tab(scene.at(who))
        async with page.expect_response(re.compile("/complete")):
            await page.locator("#compose-channel").press_sequentially("/prompt q")
        await expect(page.locator("#ways-channel [role=option]")).to_have_count(count)


async def test_a_private_reply_is_seen_by_its_person_alone(scene: Scene, open_tab: Open):
    tomas, adaeze = await open_tab(scene.at("tomas")), await open_tab(scene.at("adaeze"))
    await write(tomas, "/reflect history")
    await expect(tomas.locator(".message.private .only-you")).to_contain_text("Only visible to you")
    await write(tomas, "that was mine")
    await expect(adaeze.locator(".message")).to_have_count(1)
    await tomas.locator(".message.private").hover()
    await tomas.locator(".message.private").get_by_text("Dismiss").click()
    await expect(tomas.locator(".message")).to_have_count(1)


async def test_a_line_that_is_not_understood_comes_back(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await write(page, "/refelct answer -- We tried wait time.")
    await expect(page.locator(".message.private").last).to_contain_text("There is no such command.")
    await expect(page.locator(".message.private").last).to_contain_text("We tried wait time.")


async def test_a_direct_message_is_between_one_person_and_the_bot(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas", "dm-tomas"))
    await write(page, "a quiet thought")
    await expect(page.locator(".message", has_text="Kept. Thank you")).to_be_visible()
    await expect(page.locator(".message.private")).to_have_count(0)
    other = await open_tab(scene.at("adaeze"))
    response = await other.context.request.get(scene.at("adaeze", "dm-tomas"))
    assert response.status == 409
    assert "a quiet thought" not in await response.text()


# ── backstage ─────────────────────────────────────────────────────────────────


async def test_moving_the_clock_lets_the_prompt_arrive_everywhere(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas", "reflections"))
    other = await open_tab(scene.at("adaeze", "reflections"))
    await expect(page.locator(".now")).to_contain_text("16:12")
    await page.get_by_role("button", name="Next due").click()
    await expect(other.locator(".message")).to_contain_text("When did a student surprise you this week?")
    await expect(other.locator(".now")).to_contain_text("Monday 5 October 2026")
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator(".day-name")).to_have_text(["Monday 5 October", "Today"])
    await page.get_by_role("button", name="Run", exact=True).click()
    await expect(other.get_by_role("button", name="Pause")).to_be_visible()


async def test_the_database_shows_what_it_holds_for_a_message(scene: Scene, open_tab: Open):
    await scene.adapter.say("tomas", "staffroom", "an answer")
    page = await open_tab(scene.at("tomas"))
    await page.locator(".message").hover()
    await page.locator(".message").get_by_text("Database").click()
    await expect(page.locator(".message.inspected .row-of h5")).to_have_text(["message", "answer"])
    await expect(page.locator(".message.inspected")).to_contain_text("an answer")


# ── for everybody ─────────────────────────────────────────────────────────────


async def full(scene: Scene) -> str:
    """A conversation with everything in it; the id of a thread's root."""
    here = Place(scene.adapter.space, "staffroom")
    await scene.adapter.post(here, examples()[0], "all")
    root = await scene.adapter.say("tomas", "staffroom", "a-very-long-word-" * 20)
    one = await scene.adapter.say("adaeze", "staffroom", "yes", root)
    await scene.adapter.say("tomas", "staffroom", "no", root, one, files=("photo.png",))
    await scene.adapter.react("adaeze", "staffroom", root, "🌱")
    await scene.adapter.command("tomas", "staffroom", "/reflect history")
    return root


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
async def test_nothing_scrolls_sideways(scene: Scene, open_tab: Open, width: int):
    root = await full(scene)
    for url in (scene.at("tomas"), scene.at("tomas", thread=root, inspect=root), f"{scene.url}gallery"):
        page = await open_tab(url, width=width)
        await page.locator("h1").first.wait_for(state="attached")
        wide = await page.evaluate(
            "[...document.querySelectorAll('html, body, .scroll, .pane, .backstage')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className || e.tagName)"
        )
        assert wide == []
        await page.close()


async def test_every_control_has_a_name(scene: Scene, open_tab: Open):
    root = await full(scene)
    page = await open_tab(scene.at("tomas", thread=root))
    assert await page.locator("html").get_attribute("lang") == "en"
    await nameless(page)
    await write(page, "/tilth everything", "thread")
    await expect(page.locator("dialog")).to_be_visible()
    await nameless(page)


async def nameless(page: Page) -> None:
    """Fails with the controls for which the browser's accessibility tree has no name."""
    session = await page.context.new_cdp_session(page)
    tree = await session.send("Accessibility.getFullAXTree")
    roles = {
        "button",
        "link",
        "textbox",
        "combobox",
        "checkbox",
        "radio",
        "listbox",
        "dialog",
        "navigation",
        "image",
    }
    controls = [node for node in tree["nodes"] if not node["ignored"] and node["role"]["value"] in roles]
    assert controls
    assert [node for node in controls if not node.get("name", {}).get("value")] == []
    await session.detach()


async def test_the_first_tab_stop_skips_to_writing(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await page.keyboard.press("Tab")
    skip = page.get_by_text("Skip to writing")
    await expect(skip).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#compose-channel")).to_be_focused()


async def test_on_a_phone_the_panels_open_and_close(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"), width=360)
    await expect(page.locator("#rooms")).not_to_be_visible()
    await page.get_by_role("button", name="Conversations").click()
    await expect(page.locator("#rooms")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#rooms")).not_to_be_visible()
    await page.get_by_role("button", name="Clock and more").click()
    await expect(page.get_by_role("button", name="Next due")).to_be_visible()


async def test_a_draft_survives_a_look_around_and_a_lost_server(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    await page.locator("#compose-channel").fill("half a thought")
    await page.reload()
    await expect(page.locator("#compose-channel")).to_have_value("half a thought")
    await page.route("**/say*", lambda route: route.abort())
    await page.locator("#compose-channel").press("Enter")
    await expect(page.locator("#lost")).to_contain_text("does not answer")
    await expect(page.locator("#compose-channel")).to_have_value("half a thought")
    scene.complaints.clear()  # the browser reports the aborted request, as it should
