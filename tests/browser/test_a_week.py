"""The story of a week, in a real browser, against the real bot: what people see and what the rows hold agree."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from adapters.local.page.server import Playground
from bot.all_tables import metadata
from bot.playground.app import open_playground
from bot.playground.stage import Stage
from bot.runtime.web import Listener
from tests.stories.stage import settings_for

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Play:
    """The playground with its page, and one tab for each person who acts."""

    def __init__(self, stage: Stage, url: str, browser: Browser) -> None:
        self.stage, self.url, self._browser = stage, url, browser
        self.complaints: list[str] = []
        self._tabs: dict[str, Page] = {}

    async def go(self, who: str, channel: str = "c2", thread: str = "") -> Page:
        if who not in self._tabs:
            context = await self._browser.new_context(viewport={"width": 1280, "height": 900})
            self._tabs[who] = await context.new_page()
            self._tabs[who].on(
                "console",
                lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None,
            )
        extra = f"&thread={thread}" if thread else ""
        await self._tabs[who].goto(f"{self.url}?as={who}&channel={channel}{extra}")
        return self._tabs[who]

    async def write(self, page: Page, text: str, where: str = "channel") -> None:
        box = page.locator(f"#compose-{where}")
        await box.fill(text)
        await box.press("Enter")

    async def rest(self) -> None:
        """Wait until every tab has its answers: what is cut off when the page stops would be a complaint."""
        for tab in self._tabs.values():
            await expect(tab.locator(".htmx-request")).to_have_count(0)

    def rows(self, table: str) -> list:
        held = metadata.tables[table]
        return self.stage.app.store.read_now(lambda conn: conn.execute(select(held)).all())


@pytest_asyncio.fixture(loop_scope="session")
async def play(tmp_path: Path, browser: Browser) -> AsyncIterator[Play]:
    stage, adapter = await open_playground(settings_for(tmp_path))
    stage.run(False)
    await stage.app.ring().start()
    page = Playground(adapter, stage, port=0, zone=stage.zone, country=stage.country)
    await page.start(Listener)
    one = Play(stage, page.url, browser)
    yield one
    await one.rest()
    await page.stop()
    await stage.app.stop()
    assert one.complaints == [], "the browser's console must stay empty"


async def test_a_week_in_the_browser(play: Play):
    # Priya, a moderator, schedules a deck for the lounge and confirms the preview.
    priya = await play.go("priya")
    await play.write(priya, "/prompt schedule #lunch-table every mon 09:00 deck:para-empezar closes:4d")
    await expect(priya.get_by_text("A new schedule").first).to_be_visible()
    await priya.get_by_role("button", name="Confirm").click()
    await expect(priya.get_by_text("It is planned").first).to_be_visible()

    # The clock moves to what is due next, and the prompt is in the lounge, once.
    await priya.get_by_role("button", name="Next due").click()
    maya = await play.go("maya")
    await expect(maya.get_by_role("button", name="Responder o editar", exact=True)).to_have_count(1)
    [asked] = [row for row in play.rows("asked_in") if row.channel == "c2"]

    # Maya answers in the thread, Tomás with the form, Sam in a direct message.
    maya = await play.go("maya", thread=asked.message)
    await play.write(maya, "La campana sonó dos veces.", "thread")
    tomas = await play.go("tomas")
    await tomas.get_by_role("button", name="Responder o editar", exact=True).click()
    dialog = tomas.locator("dialog")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("Please fill this in.").first).to_be_visible()
    await dialog.locator("textarea").first.fill("Abrimos la puerta del patio.")
    await dialog.get_by_text("Everyone").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(tomas.get_by_text("Saved as your answer").first).to_be_visible()
    sam = await play.go("sam", channel="dm-sam")
    await play.write(sam, "Una silla de más.")
    await expect(sam.get_by_text("Only you can read this answer.").first).to_be_visible()

    # Maya corrects her words; Sam takes hers back.
    maya = await play.go("maya", thread=asked.message)
    mine = maya.locator(".message", has_text="La campana sonó dos veces.").last
    await mine.hover()
    await mine.get_by_text("Edit").click()
    editing = maya.get_by_role("dialog", name="Edit your message")
    await editing.get_by_role("textbox").fill("La campana sonó tres veces.")
    await editing.get_by_role("button", name="Save").click()
    await expect(maya.locator(".message", has_text="La campana sonó tres veces.").last).to_be_visible()
    await sam.get_by_role("button", name="Delete", exact=True).first.click()
    await expect(sam.get_by_text("Your answer is deleted").first).to_be_visible()

    # A week goes by: the digest is there, and says what the rows say.
    priya = await play.go("priya")
    await priya.get_by_role("button", name="+1 week").click()
    digest = priya.locator(".message", has_text="Una mirada atrás").first
    await expect(digest).to_contain_text("2 personas compartieron su respuesta con todos.", timeout=60_000)
    await expect(digest).to_contain_text("La campana sonó tres veces.")
    await expect(digest).to_contain_text("Abrimos la puerta del patio.")
    await expect(priya.get_by_text("Esta pregunta está cerrada.").first).to_be_visible(timeout=60_000)
    open_now = priya.get_by_role("button", name="Responder o editar", exact=True)
    await expect(open_now).to_have_count(1, timeout=60_000)  # a closed card has none
    texts = {row.text for row in play.rows("part")}
    assert texts == {"La campana sonó tres veces.", "Abrimos la puerta del patio."}
    occurrences = [row.occurrence_id for row in play.rows("asked_in") if row.channel == "c2"]
    assert len(occurrences) == len(set(occurrences)) == 2, "one for each of the two weeks"

    # Everybody finds their own answers.
    await play.write(tomas, "/reflect history")
    await expect(tomas.locator(".message", has_text="Your answers").last).to_contain_text("Abrimos la puerta")
    assert play.stage.app.store.read_now(play.stage.app.invariants) == []
