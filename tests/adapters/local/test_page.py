"""The playground's page lets in only its own, says what went wrong, and never runs what people wrote."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from markupsafe import Markup

from adapters.local.page.actions import Acting
from adapters.local.page.arrivals import list_arrivals
from adapters.local.page.controls import Controls
from adapters.local.page.gallery import GalleryView
from adapters.local.page.gate import is_loopback
from adapters.local.page.location import PageLocation
from adapters.local.page.markdown import PageReader, relative, safe_link, with_mentions
from adapters.local.page.render import HERE, Painter
from adapters.local.page.server import LARGEST, Playground
from bot.chat.card_examples import examples
from bot.chat.cards import Button, Buttons, Card, Mention, Moment, say
from bot.chat.forms import Form, LongText, Upload
from bot.chat.language import current_locale
from bot.chat.models import Place
from bot.runtime.web import Listener
from tests.browser.stand_in import COUNTRY, START, ZONE, prompt, stand_in

Client = TestClient
HERE_IS = "?as=tomas&channel=staffroom"


async def client_of(page: Playground) -> Client:
    server = TestServer(page.app())
    await server.start_server()
    client = TestClient(server)
    await client.start_server()
    return client


@pytest.fixture
def stage() -> tuple:
    return stand_in()


@pytest.fixture
async def client(stage: tuple) -> AsyncIterator[Client]:
    adapter, door, backstage = stage
    await adapter.start(door)
    client = await client_of(Playground(adapter, backstage, zone=ZONE, country=COUNTRY))
    yield client
    await client.close()


def origin(client: Client) -> dict[str, str]:
    return {"Origin": f"http://{client.server.host}:{client.server.port}", "HX-Request": "true"}


# ── who is let in ─────────────────────────────────────────────────────────────


async def test_every_answer_says_what_the_page_may_do(client: Client):
    for path in ("/", "/gallery", "/static/page.js", "/no-such-page"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


async def test_the_page_has_no_inline_script_and_no_inline_style(client: Client, stage: tuple):
    await stage[0].post(Place(stage[0].space, "staffroom"), examples()[0], "all")
    for path in (f"/{HERE_IS}", "/gallery"):
        text = await (await client.get(path)).text()
        assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=|hx-on", text) == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8300", "127.0.0.1.evil.example", "[::2]", ""])
async def test_another_name_for_this_machine_is_turned_away(client: Client, host: str):
    assert (await client.get("/", headers={"Host": host})).status in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "localhost:8300", "127.0.0.1", "[::1]:8300"])
async def test_this_machines_own_names_are_welcome(client: Client, host: str):
    assert (await client.get("/", headers={"Host": host})).status == 200


@pytest.mark.parametrize("given", ["http://evil.example", "null", "http://127.0.0.1:1", None])
async def test_nobody_elses_page_can_post(client: Client, stage: tuple, given: str | None):
    headers = {"Origin": given} if given else {}
    response = await client.post(f"/say{HERE_IS}", data={"text": "hello"}, headers=headers)
    assert response.status == 403
    assert stage[0].world.look("staffroom") == ()


async def test_nobody_elses_page_can_read(client: Client):
    assert (await client.get("/parts", headers={"Origin": "http://evil.example"})).status == 403


async def test_away_from_this_machine_a_token_is_needed_once(stage: tuple):
    adapter, door, backstage = stage
    await adapter.start(door)
    page = Playground(adapter, backstage, host="0.0.0.0", port=8300)  # noqa: S104
    token = page.url.partition("?token=")[2]
    client = await client_of(page)
    assert len(token) >= 32
    refused = await client.get("/")
    assert refused.status == 403
    assert token not in await refused.text()
    assert (await client.get("/?token=wrong")).status == 403
    assert (await client.get("/static/page.js")).status == 403
    admitted = await client.get(f"/?token={token}&channel=staffroom", allow_redirects=False)
    assert admitted.status == 303
    assert admitted.headers["Location"] == "/?channel=staffroom"
    cookie = admitted.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert (await client.get("/", headers={"Cookie": f"playground={token}"})).status == 200
    await client.close()


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.0.0.2", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x.org", False)],  # noqa: S104
)  # fmt: skip
def test_only_loopback_needs_no_token(host: str, local: bool):
    assert is_loopback(host) is local


# ── what goes wrong ───────────────────────────────────────────────────────────


async def test_a_body_that_is_too_large_is_refused_in_words(client: Client, stage: tuple):
    data = {"text": "x" * (LARGEST + 1)}
    response = await client.post(f"/say{HERE_IS}", data=data, headers=origin(client))
    assert response.status == 413
    assert "256 KiB fit here. Nothing was sent." in await response.text()
    assert stage[0].world.look("staffroom") == ()


@pytest.mark.parametrize(
    "path",
    ["/?as=nobody", "/?channel=nowhere", "/?channel=staffroom&thread=1", "/?as=tomas&channel=dm-adaeze"],
)
async def test_a_place_that_is_not_there_is_a_page_with_a_way_back(client: Client, path: str):
    response = await client.get(path)
    assert response.status == 409
    assert 'href="/"' in await response.text()


@pytest.mark.parametrize("what", ["edit", "erase", "dismiss"])
async def test_nobody_changes_somebody_elses_message(client: Client, stage: tuple, what: str):
    id = await stage[0].say("adaeze", "staffroom", "mine")
    path = f"/{what}{HERE_IS}&message={id}"
    response = await client.post(path, data={"text": "yours"}, headers=origin(client))
    assert response.status == 409
    assert "somebody else" in await response.text()
    assert stage[0].world.message("staffroom", id).text == "mine"


async def test_a_button_that_is_gone_is_not_pressed(client: Client, stage: tuple):
    adapter = stage[0]
    here = Place(adapter.space, "staffroom")
    id = await adapter.post(
        here, Card("x", (Buttons((Button("Go", does="reflect.skip", value="o1"),)),)), "m"
    )
    await adapter.update(here, id, say("Closed."))
    path = f"/press{HERE_IS}&message={id}&label=Go&state=reflect.skip:o1"
    response = await client.post(path, headers=origin(client))
    assert response.status == 409
    assert "This button is gone." in await response.text()


async def test_a_file_is_chosen_in_a_form_and_arrives_with_it(
    client: Client, stage: tuple, monkeypatch: pytest.MonkeyPatch
):
    adapter, door, _ = stage
    heard = []

    async def opened(_opening: object) -> Form:
        file = Upload("file", "A table", ("csv", "txt"), "One line for each person.")
        return Form("try.file", "A file", (file, LongText("text", "Or text", required=False)))

    async def hear(event: object) -> None:
        heard.append(event)

    monkeypatch.setattr(door, "form", opened)
    monkeypatch.setattr(door, "hear", hear)
    card = Card("x", (Buttons((Button("Choose", opens="try.file", value="o1"),)),))
    id = await adapter.post(Place(adapter.space, "staffroom"), card, "m")
    path = f"/press{HERE_IS}&message={id}&label=Choose&state=try.file:o1"
    page = await (await client.post(path, headers=origin(client))).text()
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" id="field-file" name="field.file" accept=".csv,.txt"' in page
    key = re.search(r'name="opened" value="([^"]+)"', page)
    assert key is not None
    sent = FormData({"opened": key[1], "field.text": "beside it"})
    data = b"person,lesson\n" * 30_000  # more than a message may have
    sent.add_field("field.file", data, filename="people.csv", content_type="text/csv")
    response = await client.post(f"/submit{HERE_IS}", data=sent, headers=origin(client))
    assert response.status == 200
    [event] = heard
    assert event.fields["text"] == "beside it"
    assert (event.fields["file"].name, event.fields["file"].data) == ("people.csv", data)


async def test_a_form_that_was_opened_before_a_restart_says_so(client: Client):
    response = await client.post(f"/submit{HERE_IS}", data={"opened": "old"}, headers=origin(client))
    assert response.status == 410
    assert 'id="dialog"' not in await response.text()  # the open dialog keeps what was written


async def test_a_failure_is_logged_without_what_was_said(
    client: Client, stage: tuple, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> None:
        raise RuntimeError("the store is gone")

    monkeypatch.setattr(stage[1], "hear", fail)
    response = await client.post(f"/say{HERE_IS}", data={"text": "a secret"}, headers=origin(client))
    assert response.status == 500
    assert "Something went wrong" in await response.text()
    assert "a secret" not in caplog.text


# ── what is handed out ────────────────────────────────────────────────────────


async def test_files_are_for_keeping_and_pictures_for_looking(client: Client, stage: tuple):
    card = examples()[0]
    id = await stage[0].post(Place(stage[0].space, "staffroom"), card, "all")
    kinds = {}
    for number, block in enumerate(card.blocks):
        response = await client.get(f"/file/{id}/{number}{HERE_IS}")
        kinds[block.kind] = (
            response.status,
            response.headers.get("Content-Disposition", ""),
            response.content_type,
        )
    assert kinds["file"] == (200, "attachment; filename*=UTF-8''notes.txt", "application/octet-stream")
    assert kinds["picture"] == (200, "", "image/png")
    assert kinds["heading"][0] == 404


async def test_files_of_a_private_card_are_for_its_person(client: Client, stage: tuple):
    await stage[0].private(Place(stage[0].space, "staffroom"), "adaeze", examples()[0])
    id = stage[0].world.look("staffroom", person="adaeze")[-1].id
    number = next(n for n, block in enumerate(examples()[0].blocks) if block.kind == "file")
    assert (await client.get(f"/file/{id}/{number}?as=adaeze&channel=staffroom")).status == 200
    assert (await client.get(f"/file/{id}/{number}{HERE_IS}")).status == 404


async def test_the_stream_begins_with_what_to_do_and_ends_with_the_page(stage: tuple):
    adapter, door, backstage = stage
    await adapter.start(door)
    page = Playground(adapter, backstage, port=0)
    await page.start(Listener)
    assert adapter.address == page.url
    async with TestClient(TestServer(page.app())) as client:
        response = await client.get("/live")
        assert response.content_type == "text/event-stream"
        assert await response.content.readuntil(b"\n\n") == b"event: changed\ndata: \n\n"
        id = await adapter.say("tomas", "staffroom", "hello")
        assert await response.content.readuntil(b"\n\n") == f"event: changed\ndata: message:{id}\n\n".encode()
        await page.stop()
        assert await response.content.read() in (b"", b"event: changed\ndata: \n\n")
    assert adapter.address == ""


async def test_the_gallery_shows_only_renderers_that_exist(client: Client, stage: tuple):
    text = await (await client.get("/gallery?as=Slack")).text()
    assert 'aria-current="true">Playground</a>' in text
    assert "Slack" not in text
    assert "Every block a card can hold" in text


@pytest.mark.parametrize(
    "row", re.findall(r"\| `([^`]+)` \|.*`([0-9a-f]{64})`", (HERE / "static/VENDORED.md").read_text())
)
def test_vendored_files_are_unchanged(row: tuple[str, str]):
    name, digest = row
    assert hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_listed():
    listed = (HERE / "static/VENDORED.md").read_text()
    assert [p.name for p in (HERE / "static").iterdir() if ".min." in p.name and p.name not in listed] == []


# ── words ─────────────────────────────────────────────────────────────────────

READER = PageReader("tomas", "America/New_York", ZONE, START, {"c1": "staffroom"})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("a\nb", "<p>a<br>\nb</p>\n"),
        ("~~x~~", "<p><s>x</s></p>\n"),
        ("![x](https://e.org/x.png)", '<p>!<a target="_blank" rel="noopener noreferrer" href="https://e.org/x.png">x</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        ("\ue0000\ue001", "<p>0</p>\n"),
    ],
)  # fmt: skip
def test_markdown_is_safe(text: str, html: str):
    assert str(READER.markdown(text)).replace("<br />", "<br>") == html


def test_a_link_to_this_page_keeps_the_reader_who_they_are():
    reader = replace(READER, address="http://127.0.0.1:8300/")
    html = str(
        reader.markdown("[there](http://127.0.0.1:8300/?channel=c1#m1) [away](https://e.org/?a=1&b=2)")
    )
    assert '<a href="/?as=tomas&amp;channel=c1#m1">there</a>' in html
    assert 'rel="noopener noreferrer" href="https://e.org/?a=1&amp;b=2">away</a>' in html


def test_mentions_and_moments_become_html_and_are_escaped():
    moment = Moment(START, ZONE, "time")
    html = str(READER.markdown(("**Hi** ", Mention("tomas", "<Tom>"), " at ", moment)))
    assert '<span class="mention me">@&lt;Tom&gt;</span>' in html
    assert 'title="2026-10-02 15:12 UTC">11:12 AM</time>' in html
    assert str(READER.words("a < b")) == "a &lt; b"


def test_a_date_has_its_year_only_where_it_is_not_the_readers_own():
    eve = replace(READER, now=datetime(2027, 1, 1, 3, tzinfo=UTC))  # New York is in 2026 still
    for at, year in (
        (datetime(2026, 12, 31, 12, tzinfo=UTC), False),
        (datetime(2027, 1, 1, 12, tzinfo=UTC), True),
    ):
        assert (f", {at:%Y}" in eve.moment(Moment(at, ZONE, "date"))) is year


def test_names_in_a_text_are_mentions_and_addresses_are_not():
    people = stand_in()[0].world.people.values()
    assert with_mentions("ask @maren holt, not x@maren holt", people) == (
        "ask ",
        Mention("maren", "maren holt"),
        ", not x@maren holt",
    )


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(3 * 86400, "in 3 days"), (-7200, "2 hours ago"), (61, "in 1 minute"), (5, "now")],
)
def test_lengths_of_time_are_said_as_people_say_them(ahead: int, words: str):
    assert relative(timedelta(seconds=ahead)) == words
    assert READER.moment(Moment(START + timedelta(seconds=ahead), ZONE, "relative")) == words


@pytest.mark.parametrize(
    "url", ["javascript:x", "JAVASCRIPT:x", "data:x", "//evil.example", "\\\\evil", "file:///x", "http://["]
)
def test_links_that_are_not_the_web_are_not_links(url: str):
    assert not safe_link(url)


def test_a_renderer_can_be_added_to_the_gallery(stage: tuple):
    painter = Painter(stage[0], stage[2], ZONE, {"Plain": lambda card: Markup("<pre>plain</pre>")})
    assert "<pre>plain</pre>" in painter.gallery(GalleryView("Plain"))


# ── what is left out ──────────────────────────────────────────────────────────


async def test_an_address_without_one_of_its_parts_is_a_sentence(
    client: Client, stage: tuple, caplog: pytest.LogCaptureFixture
):
    adapter, _, backstage = stage
    message = await adapter.post(Place(adapter.space, "staffroom"), examples()[0], "all")
    whole = {
        "message": message, "emoji": "seedling", "label": "Answer", "state": "", "select": "a", "value": "b",
        "shortcut": "save", "where": "thread", "move": "day",
    }  # fmt: skip
    painter = Painter(adapter, backstage, ZONE, {})
    deeds = (Acting(adapter, painter, None), Controls(adapter, backstage, painter, None))
    for path in (path for those in deeds for path in those.deeds):
        for absent in (*whole, None):
            query = {name: value for name, value in whole.items() if absent is not None and name != absent}
            answer = await client.post(path, params=query, headers=origin(client))
            assert answer.status < 500, (path, absent)
    answer = await client.post("/react", params={"message": message}, headers=origin(client))
    assert answer.status == 400
    assert "emoji" in await answer.text()
    for path in (f"/file/{message}/{'9' * 5000}", f"/gallery/file/{'9' * 5000}/1", "/file/1/1?as=nobody"):
        assert (await client.get(path)).status in (404, 409), path
    assert "failed" not in caplog.text


# ── what the page makes of the world ──────────────────────────────────────────


async def test_a_receipt_is_no_reply(client: Client, stage: tuple):
    adapter = stage[0]
    root = await adapter.say("adaeze", "staffroom", "Who has the key?")
    thread = Place(adapter.space, "staffroom", root)
    await adapter.private(thread, "tomas", say("Kept."))
    await adapter.private(thread, "adaeze", say("Kept."))
    assert "replies" not in await (await client.get(f"/{HERE_IS}")).text()
    await adapter.say("tomas", "staffroom", "I do.", root)
    assert "1 reply<" in await (await client.get(f"/{HERE_IS}")).text()


async def test_the_page_is_in_the_language_of_whoever_looks(client: Client, stage: tuple):
    stage[0].world.add_person("rosa", "Rosa Medina", locale="es-419")
    for path, language in (("/?as=rosa", "es"), (f"/{HERE_IS}", "en"), ("/gallery?language=es", "es")):
        assert f'<html lang="{language}"' in await (await client.get(path)).text()
    for path, said in (
        ("/?as=rosa&channel=nowhere", "no existe"),
        ("/?as=nobody&language=es", "no hay nadie"),
    ):
        wrong = await (await client.get(path)).text()
        assert '<html lang="es"' in wrong
        assert said in wrong


async def test_roles_leavers_and_deleted_messages_are_named_in_the_readers_language(stage: tuple):
    adapter, door, backstage = stage
    await adapter.start(door)
    adapter.world.add_person("rosa", "Rosa Medina", locale="es")
    for who, words in (("ruth", "First."), ("kenji", "Second.")):
        quoted = await adapter.say(who, "staffroom", words)
        await adapter.say("ruth", "staffroom", "Yes.", reply_to=quoted)
    await adapter.post(Place(adapter.space, "staffroom"), prompt(1), "m")
    await adapter.erase("kenji", "staffroom", quoted)
    await adapter.leave("kenji")
    client = await client_of(Playground(adapter, backstage, zone=ZONE, country=COUNTRY))
    for who, words in (
        ("tomas", ("admin", "moderator", "member", "bot", "Somebody who has left: a deleted message")),
        ("rosa", ("administración", "moderación", "miembro", "bot", "Alguien que ya no está: un mensaje borrado")),
    ):  # fmt: skip
        text = await (await client.get(f"/?as={who}&channel=staffroom")).text()
        for one in words[:-1]:
            assert f'<span class="role">{one}</span>' in text
        assert words[-1] in text
        assert '<span class="role"></span>' not in text
    await client.close()


async def test_times_are_written_as_in_the_country_of_the_community(stage: tuple):
    await stage[0].start(stage[1])
    await stage[0].say("tomas", "staffroom", "hello")
    for country, time in (("IE", ">16:12<"), ("US", ">4:12 PM<")):
        client = await client_of(Playground(stage[0], stage[2], zone=ZONE, country=country))
        assert time in await (await client.get(f"/{HERE_IS}")).text()
        await client.close()


async def test_what_the_clock_brought_is_told_with_the_way_to_it(stage: tuple):
    adapter = stage[0]
    here = Place(adapter.space, "reflections")
    old, new = [await adapter.post(here, prompt(n), f"m{n}") for n in (1, 2)]
    await stage[2].advance(timedelta(days=1))
    for id in (old, new):
        await adapter.update(here, id, say("Edited."))
    await adapter.private(replace(here, thread=new), "adaeze", say("Kept."))
    private = adapter.world.look("reflections", new, person="adaeze")[-1].id
    asked = PageLocation("tomas", "staffroom")
    told = list_arrivals(adapter.world, READER, asked, {old: True, new: False, private: False})
    assert [(one.words, one.url) for one in told] == [
        ("“Edited.” closed in #reflections.", f"/?as=tomas&channel=reflections#m{old}"),
        ("“Edited.” arrived in #reflections.", f"/?as=tomas&channel=reflections#m{new}"),
        ("Tilth sent “Kept.” to Adaeze Obi.", f"/?as=adaeze&channel=reflections&thread={new}#t{private}"),
    ]


# ── the gallery ───────────────────────────────────────────────────────────────

BOTH = {"Slack": lambda card: Markup("<p>as Slack: {}</p>").format(card.title),
        "Discord": lambda card: Markup("<p>as Discord: {}</p>").format(card.title)}  # fmt: skip


async def gallery(stage: tuple, path: str) -> str:
    client = await client_of(Playground(stage[0], stage[2], zone=ZONE, country=COUNTRY, renderers=BOTH))
    text = await (await client.get(path)).text()
    await client.close()
    return text


async def test_the_gallery_shows_both_platforms_side_by_side_by_room(stage: tuple):
    text = await gallery(stage, "/gallery")
    title = prompt(1).title
    assert f"as Slack: {title}</p></div><div" in text
    assert f"as Discord: {title}" in text
    assert (
        re.findall(r'<a href="#room-(\w+)">', text)
        == re.findall(r'<h2 id="name-(\w+)">', text)
        == ["cards", "prompt"]
    )
    alone = await gallery(stage, "/gallery?as=Discord")
    assert "as Slack: " not in alone


async def test_the_cards_of_the_gallery_are_made_once_in_a_language(
    stage: tuple, monkeypatch: pytest.MonkeyPatch
):
    made, backstage = [], stage[2]
    make = backstage.gallery
    monkeypatch.setattr(backstage, "gallery", lambda: made.append(current_locale()) or make())
    client = await client_of(Playground(stage[0], backstage, zone=ZONE, country=COUNTRY, renderers=BOTH))
    for language in ("en", "en", "es", "es"):
        assert (await client.get(f"/gallery?language={language}")).status == 200
    await client.close()
    assert made == ["en_IE", "es_IE"]


async def test_the_gallery_finds_cards_by_their_words_and_keeps_its_switches(stage: tuple):
    text = await gallery(stage, "/gallery?find=WHAT+HAD+YOU+EXPECTED&theme=dark&width=phone&language=es")
    assert re.findall(r"as Slack: ([^<]*)", text) == [prompt(1).title]
    assert 'data-theme="dark"' in text
    assert "on-phone" in text
    for kept in ("theme", "width", "language"):
        assert f'type="hidden" name="{kept}"' in text
    assert "/gallery?as=Slack&amp;language=es&amp;theme=dark&amp;width=phone&amp;find=WHAT+HAD" in text
    none = await gallery(stage, "/gallery?find=xyzzy")
    assert "No card has" in none
    assert "0 cards" not in none
