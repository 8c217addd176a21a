"""A Chromium on this machine, and a playground with the stand-in bot for it to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from adapters.local.adapter import LocalAdapter
from adapters.local.page.server import Playground
from bot.runtime.web import Listener
from tests.browser.stand_in import COUNTRY, ZONE, StandInDoor, StandInStage, stand_in

expect.set_options(timeout=20_000)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The browser to use: `TILTH_CHROMIUM`, or the first that is installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("TILTH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@dataclass
class Scene:
    """The running playground, and what the browser complained about."""

    adapter: LocalAdapter
    door: StandInDoor
    stage: StandInStage
    url: str
    page: Playground
    complaints: list[str] = field(default_factory=list)

    def at(self, me: str, channel: str = "staffroom", **more: str) -> str:
        extra = "".join(f"&{name}={value}" for name, value in more.items())
        return f"{self.url}?as={me}&channel={channel}{extra}"


@pytest_asyncio.fixture(loop_scope="session")
async def scene() -> AsyncIterator[Scene]:
    adapter, door, stage = stand_in()
    page = Playground(adapter, stage, port=0, zone=ZONE, country=COUNTRY)
    await adapter.start(door)
    await page.start(Listener)
    scene = Scene(adapter, door, stage, page.url, page)
    yield scene
    await page.stop()
    assert scene.complaints == [], "the browser's console must stay empty"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests of a worker; each tab has a context of its own."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; set TILTH_CHROMIUM to one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


Open = Callable[..., Awaitable[Page]]
Theme = Literal["light", "dark"]


@pytest_asyncio.fixture(loop_scope="session")
async def open_tab(browser: Browser, scene: Scene) -> AsyncIterator[Open]:
    """Opens a tab of its own person: `await open_tab(scene.at("maren"), width=360)`."""
    contexts: list[BrowserContext] = []

    async def open_tab(url: str, width: int = 1280, tour: bool = False, theme: Theme = "light") -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": 800}, locale="en-US", color_scheme=theme
        )
        contexts.append(context)
        if not tour:
            await context.add_init_script("localStorage.setItem('tour', 'done')")
        page = await context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: note(scene, message))
        page.on("pageerror", lambda error: scene.complaints.append(str(error)))
        await page.goto(url)
        return page

    yield open_tab
    for context in contexts:
        await context.close()


def note(scene: Scene, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        scene.complaints.append(message.text)
