"""A fake Slack for tests: real HTTP and WebSocket on 127.0.0.1, a state machine of what Slack documents."""

from tests.fakes.slack.delivery import Ack
from tests.fakes.slack.heard import Heard
from tests.fakes.slack.inputs import NotPossible
from tests.fakes.slack.server import Call, FakeSlack

__all__ = ["Ack", "Call", "FakeSlack", "Heard", "NotPossible"]
