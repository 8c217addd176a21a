"""The tour, the clock's news, the database, what is broken on purpose, and what keeps what somebody wrote, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from adapters.local.page.server import Playground
from bot.chat.models import Place
from bot.runtime.web import Listener
from tests.browser.conftest import Open, Scene
from tests.browser.stand_in import COUNTRY, ZONE, prompt
from tests.browser.test_page import write

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def asked(scene: Scene, channel: str = "staffroom") -> str:
    return await scene.adapter.post(Place(scene.adapter.space, channel), prompt(1), f"p:{channel}")


# ── the tour ──────────────────────────────────────────────────────────────────


async def test_the_tour_ticks_itself_off_and_always_leads_to_where_somebody_can_write(
    scene: Scene, open_tab: Open
):
    page = await open_tab(scene.at("tomas"), width=390, tour=True)
    count = page.locator("#tour summary")
    await expect(count).to_have_text("Tour: 0 of 7 done")
    await page.get_by_role("link", name="Take me there").click()
    await page.get_by_role("button", name="Next due").click()
    await expect(count).to_have_text("Tour: 1 of 7 done")
    await scene.adapter.say("adaeze", "reflections", "said elsewhere")  # finishes nothing
    for step in (
        "Answer the prompt.", "Reply in a thread.", "Open your page.", "Write /prompt queue.", "Choose Database.",
        "Cut the network.",
    ):  # fmt: skip
        await count.click()
        await page.locator("#tour li a", has_text=step).click()
        await expect(page.locator("#compose-channel")).to_be_visible()
        await expect(page.locator("#tour li[aria-current] a")).to_contain_text("Answer")
    await expect(count).to_have_text("Tour: 2 of 7 done")  # the page was opened on the way
    other = await open_tab(scene.at("maren"), tour=True)
    await write(page, "/prompt queue")
    await expect(other.locator("#tour summary")).to_have_text("Tour: 3 of 7 done")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Close the tour").click()
    await page.reload()
    await expect(page.locator("#tour")).not_to_be_visible()
    await page.get_by_role("button", name="Conversations").click()
    await page.get_by_role("button", name="Tour").click()
    await expect(count).to_have_text("Tour: 3 of 7 done")


# ── what the clock brought ────────────────────────────────────────────────────


async def test_next_due_says_what_happened_and_leads_there(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"), width=390)
    await page.get_by_role("button", name="Clock and more").click()
    await page.get_by_role("button", name="Next due").click()
    notice = page.locator("#notice")
    await expect(notice).to_contain_text(
        "“When did a student surprise you this week?” arrived in #reflections."
    )
    await page.get_by_role("link", name="Go there").click()
    await expect(page.locator("#room-name")).to_have_text("#reflections")
    await expect(page.locator(".message:target")).to_contain_text(
        "When did a student surprise you this week?"
    )


# ── the database ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_database_opens_under_the_message_it_is_about(scene: Scene, open_tab: Open, width: int):
    for number in range(30):
        await scene.adapter.say("adaeze", "staffroom", f"message {number}")
    page = await open_tab(scene.at("tomas"), width=width)
    await page.locator("#compose-channel").fill("half a thought")
    old = page.locator(".message", has_text="message 3").first
    await old.hover()
    await old.get_by_text("Database").click()
    rows = old.locator("#held")
    await expect(rows.locator("h5")).to_have_text(["message", "answer"])
    await expect(rows).to_be_in_viewport()
    await expect(page.locator("#compose-channel")).to_have_value("half a thought")
    await rows.get_by_role("link", name="Close the database rows").click()
    await expect(page.locator("#held")).to_have_count(0)
    await expect(old).to_be_in_viewport()


# ── what somebody wrote stays ─────────────────────────────────────────────────


async def test_escape_keeps_the_text_of_a_form_until_it_is_sent(scene: Scene, open_tab: Open):
    await asked(scene)
    page = await open_tab(scene.at("tomas"))
    answer, box = (
        page.get_by_role("button", name="Answer", exact=True),
        page.get_by_label("What did you notice?"),
    )
    await answer.click()
    await box.fill("Half a thought.")
    await page.get_by_label("Everyone").check()
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).not_to_be_visible()
    await answer.click()
    await expect(box).to_have_value("Half a thought.")
    await expect(page.get_by_label("Everyone")).to_be_checked()
    await expect(page.locator(".came-back")).to_contain_text("Your text from before is back.")
    await page.get_by_role("button", name="Start over").click()
    await expect(box).to_have_value("")
    await expect(page.get_by_label("My team")).to_be_checked()
    await box.fill("A whole thought.")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator(".message.private")).to_contain_text("A whole thought.")
    await answer.click()
    await expect(box).to_have_value("")
    await expect(page.locator(".came-back")).not_to_be_visible()


async def test_a_lost_server_says_so_and_comes_back_by_itself(scene: Scene, open_tab: Open):
    first = scene.page
    page = await open_tab(scene.at("tomas"))
    await expect(page.locator("#lost")).not_to_be_visible()
    await first.stop()
    await expect(page.locator("#lost")).to_contain_text("The playground does not answer.")
    second = Playground(
        scene.adapter,
        scene.stage,
        port=int(scene.url.rsplit(":", 1)[1].strip("/")),
        zone=ZONE,
        country=COUNTRY,
    )
    await second.start(Listener)
    await scene.adapter.say("adaeze", "staffroom", "said meanwhile")
    await expect(page.locator(".message .text")).to_have_text("said meanwhile")
    await expect(page.locator("#lost")).not_to_be_visible()
    await second.stop()
    scene.complaints.clear()  # the browser reports the lost connection, as it should


# ── what is broken on purpose ─────────────────────────────────────────────────


async def test_a_channel_a_token_and_the_network_can_be_broken_and_mended(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    for what, effect in (
        ("#reflections", "Tilth is not in this channel"), ("The bot's token", "The platform refuses everything"),
        ("The network", "Nothing you do reaches Tilth"),
    ):  # fmt: skip
        await page.get_by_role("button", name=f"Break: {what}").click()
        await expect(page.locator("#broken")).to_contain_text(effect)
        await page.locator("#broken").get_by_role("button", name=f"Fix: {what}").click()
        await expect(page.locator("#broken .broken-now")).to_have_count(0)
    await page.get_by_role("button", name="Break: The network").click()
    await expect(page.locator("#broken")).to_contain_text("Nothing you do")
    await write(page, "/reflect history")
    await expect(page.locator(".message.private")).to_contain_text("Tilth does not answer right now.")
    await write(page, "said in the dark")
    await expect(page.locator(".message", has_text="said in the dark")).to_be_visible()
    assert scene.door.told == []
    await page.locator("#broken").get_by_role("button", name="Fix").click()
    await write(page, "said in the light")
    await expect(page.locator(".message", has_text="said in the light")).to_be_visible()
    assert [one.message.text for one in scene.door.told] == ["said in the light"]


# ── who hears or has no mouse ─────────────────────────────────────────────────


async def test_what_arrives_is_read_out_once_and_ones_own_words_are_not(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"))
    said = page.locator("#arrived")
    await expect(said).to_have_attribute("role", "status")
    await scene.adapter.say("adaeze", "staffroom", "hello everybody")
    await expect(said).to_have_text("New message from Adaeze Obi: hello everybody")
    await write(page, "hello Adaeze")
    await expect(page.locator(".message", has_text="hello Adaeze")).to_be_visible()
    await expect(said).to_have_text("New message from Adaeze Obi: hello everybody")
    await scene.adapter.say("adaeze", "reflections", "over here")
    await expect(said).to_have_text("New in reflections")


async def test_a_reply_is_written_with_the_keyboard_alone(scene: Scene, open_tab: Open):
    await asked(scene)
    page = await open_tab(scene.at("tomas"))
    await focus_by_tab(page, "Answer")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog textarea").first).to_be_focused()
    await page.keyboard.type("With the keyboard alone.")
    await focus_by_tab(page, "Keep it")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.private blockquote")).to_have_text("With the keyboard alone.")


async def focus_by_tab(page: Page, name: str) -> None:
    """Press Tab until the focus is on the control of that name."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if (await page.evaluate("document.activeElement.textContent")).strip() == name:
            return
    raise AssertionError(f"the Tab key never reaches {name!r}")
