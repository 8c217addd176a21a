"""Nothing on the page that axe finds fault with, at a phone's and a desk's width, in light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.conftest import Open, Scene
from tests.browser.test_page import full, write

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def faults(page: Page) -> list[str]:
    """What axe finds: the rule, and where."""
    # Nothing is in the middle of fading in: axe would measure its color then.
    await page.emulate_media(reduced_motion="reduce")
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{one['id']} {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
async def test_axe_finds_nothing(scene: Scene, open_tab: Open, width: int, theme: str):
    root = await full(scene)
    page = await open_tab(scene.at("tomas", thread=root, inspect=root), width=width, tour=True, theme=theme)
    await page.locator("#tour summary").click()
    assert await faults(page) == []
    await write(page, "/tilth everything", "thread")
    await expect(page.locator("dialog")).to_be_visible()
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    await page.goto(scene.at("tomas", home="yes"))
    assert await faults(page) == []
    await page.goto(f"{scene.url}gallery")
    assert await faults(page) == []


async def test_axe_finds_nothing_beside_a_phones_conversation(scene: Scene, open_tab: Open):
    page = await open_tab(scene.at("tomas"), width=390)
    await page.get_by_role("button", name="Clock and more").click()
    await page.get_by_role("button", name="Break: The network").click()
    await expect(page.locator("#broken")).to_contain_text("Nothing you do")
    assert await faults(page) == []
    await page.get_by_role("button", name="Conversations").click()
    assert await faults(page) == []
