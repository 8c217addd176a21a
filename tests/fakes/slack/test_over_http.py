"""The Events API over HTTP: signatures, retries, commands and interactions."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rig import Bot, furnished


@pytest.fixture
async def served():
    """A workspace whose app listens on a port of its own."""
    async with FakeSlack(retry_delays=(0.02, 0.05, 0.1)) as slack:
        town = await furnished(slack, None)
        one = Bot(slack)
        runner = web.AppRunner(one.app.server(path="/slack/events").web_app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        assert await slack.over_http(f"http://127.0.0.1:{port}/slack/events")
        yield town, one
        await runner.cleanup()


async def test_events_arrive_signed(served):
    town, one = served
    one.listen("message")
    heard = await town.slack.post(town.ben, town.room, "hello")
    await town.slack.settle()
    assert heard.ok
    assert [e["text"] for e in one.events()] == ["hello"]


async def test_a_wrong_signature_or_an_old_one_is_refused(served):
    town, one = served
    one.listen("message")
    town.slack.delivery.delays = ()
    town.slack.http.secret = "wrong"
    assert not (await town.slack.post(town.ben, town.room, "forged")).ok
    assert town.slack.http.last_status == 401
    town.slack.http.secret = town.slack.signing_secret
    town.slack.http.skew = -301
    assert not (await town.slack.post(town.ben, town.room, "old")).ok
    assert town.slack.http.last_status == 401
    town.slack.http.skew = 0
    assert (await town.slack.post(town.ben, town.room, "good")).ok
    await town.slack.settle()
    assert [e["text"] for e in one.events()] == ["good"]


async def test_what_fails_is_tried_three_times_more(served):
    town, one = served
    one.listen("message")
    town.slack.lose_acks(100)
    await town.slack.post(town.ben, town.room, "hello")
    await town.slack.settle()
    assert one.retries == ["0", "1", "2", "3"]
    assert len({body["event_id"] for body in one.heard}) == 1


async def test_commands_and_modals_work_without_a_socket(served):
    town, one = served

    @one.app.command("/hi")
    async def hi(ack, body):
        await ack(f"hello {body['user_name']}")

    @one.app.shortcut("form")
    async def form(ack, body, client):
        await ack()
        label = {"type": "plain_text", "text": "Who"}
        element = {"type": "users_select", "action_id": "who"}
        block = {"type": "input", "block_id": "who", "label": label, "element": element}
        view = {"type": "modal", "title": label, "submit": label, "callback_id": "form", "blocks": [block]}
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @one.app.view("form")
    async def submitted(ack):
        await ack(response_action="errors", errors={"who": "Not them."})

    await town.slack.slash(town.ben, town.room, "/hi")
    assert [m["text"] for m in town.slack.ephemerals(town.ben)] == ["hello ben.brook"]
    assert (await town.slack.global_shortcut(town.ben, "form")).ok
    await town.slack.settle()
    await town.slack.submit(town.ben, {"Who": town.cem})
    assert town.slack.modal_errors(town.ben) == {"who": "Not them."}


@pytest.fixture
async def answering():
    """A workspace whose app is a bare server that answers what a test puts into `answers`."""
    answers, seen = [], []

    async def answer(request):
        seen.append(dict(request.headers) | {"body": await request.text()})
        how = answers.pop(0)
        await asyncio.sleep(how.pop("delay", 0))
        return web.Response(**how)

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    async with FakeSlack(request_url=url, ack_seconds=0.3, retry_delays=(0, 0, 0)) as slack:
        yield await furnished(slack, None), answers, seen
    await runner.cleanup()


async def test_retries_say_why(answering):
    town, answers, seen = answering
    answers += [{"status": 500}, {"delay": 0.5}, {"status": 404}, {}]
    await town.slack.post(town.ben, town.room, "hello")
    await town.slack.settle()
    told = [(s.get("X-Slack-Retry-Num"), s.get("X-Slack-Retry-Reason")) for s in seen]
    assert told == [(None, None), ("1", "http_error"), ("2", "http_timeout"), ("3", "http_error")]


async def test_the_app_can_stop_the_retries(answering):
    town, answers, seen = answering
    answers += [{"status": 500, "headers": {"X-Slack-No-Retry": "1"}}]
    await town.slack.post(town.ben, town.room, "hello")
    await town.slack.settle()
    assert len(seen) == 1


async def test_an_address_that_does_not_answer_the_challenge_is_not_taken(answering):
    town, answers, _ = answering
    answers += [{"text": "what?"}]
    assert not await town.slack.http.verify()
