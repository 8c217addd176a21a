"""Nothing that axe finds fault with on any other page that Tilth serves or hands out, in light, in the dark and on paper."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from adapters.local.page.server import Playground
from bot.chat.language import speaking
from bot.courses.evidence.document import evidence_page
from bot.playground.app import open_playground, preview_on_platforms
from bot.runtime.web import Listener
from tests.browser.test_accessibility import faults
from tests.courses.test_evidence import DOCUMENT
from tests.stories.stage import settings_for

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def real(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of the real playground, with every card of the bot in its gallery."""
    stage, adapter = await open_playground(settings_for(tmp_path_factory.mktemp("play")))
    stage.run(False)
    page = Playground(
        adapter, stage, port=0, zone=stage.zone, country=stage.country, renderers=preview_on_platforms()
    )
    await page.start(Listener)
    yield page.url
    await page.stop()
    await stage.app.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(120_000)
    yield page
    await context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "where",
    [
        "",
        "?home=yes",
        "gallery?find=evidence",
        "gallery?find=badge&language=es&width=phone&as=beside",
        "nowhere",
    ],
)
async def test_axe_finds_nothing_on_the_pages_of_the_playground(real: str, tab: Page, where: str, theme: str):
    await tab.emulate_media(color_scheme=theme)
    await tab.goto(real + where)
    assert await faults(tab) == []


@pytest.mark.parametrize("where", ["?channel=c1", "gallery?find=evidence"])
async def test_axe_finds_nothing_on_a_printed_page(real: str, tab: Page, where: str):
    await tab.goto(real + where)
    await tab.emulate_media(media="print")
    assert await faults(tab) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en_US", "es_US"])
async def test_axe_finds_nothing_in_evidence(tab: Page, locale: str, theme: str):
    with speaking(locale):
        html = evidence_page(DOCUMENT)
    await tab.emulate_media(color_scheme=theme)
    await tab.set_content(html)
    assert await faults(tab) == []
    await tab.emulate_media(media="print")
    assert await faults(tab) == []
