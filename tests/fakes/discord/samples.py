"""Bodies for the tests of limits, and where a refusal says something is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.errors import DiscordError

V2 = 1 << 15


def text(length: int = 5, **more: Any) -> dict[str, Any]:
    return {"type": 10, "content": "x" * length, **more}


def button(n: object = 1, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Press", "custom_id": f"b{n}", **more}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def options(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"label": f"Option {n}", "value": f"{n}", **more} for n in range(count)]


def select(count: int = 3, **more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": options(count), **more}


def v2(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(parts), **more}


def box(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 17, "components": list(parts)}


def section(accessory: Any, *texts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 9, "components": list(texts) or [text()], "accessory": accessory}


def gallery(count: int, url: str = "https://example.org/a.png", **more: Any) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": url}, **more}] * count}


def paths(errors: dict[str, Any], at: str = "") -> set[str]:
    found = {at.strip(".")} if "_errors" in errors else set()
    for key, child in errors.items():
        if key != "_errors":
            found |= paths(child, f"{at}.{key}")
    return found


def refused(error: pytest.ExceptionInfo[DiscordError]) -> set[str]:
    assert (error.value.status, error.value.code) == (400, 50035)
    return paths(error.value.body["errors"])
