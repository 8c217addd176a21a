"""A fake Slack for tests: real HTTP and WebSocket on 127.0.0.1, a state machine of what Slack documents.

    async with FakeSlack("north", manifest=manifest, clock=clock) as slack:   # several of them: several workspaces
        ben = slack.person("Ben Brook", admin=False, tz="America/Chicago")    # ids are strings
        room = slack.channel("staffroom", [ben])                              # the bot is in it
        …start the bot with slack.api_url, slack.bot_token, slack.app_token (or over_http(url), signing_secret)
        await slack.connected()
        heard = await slack.post(ben, room, "hello")        # .ts .ok .body .seconds .reason
        await slack.settle()                                # instead of sleeping
        reading.text(slack.messages(room)[-1], slack.names())

People: `post reply edit delete react unreact join leave slash click choose fill submit close open_home suggest
message_shortcut global_shortcut arrive change_person archive rename`; any event: `emit`. What they see: `messages
replies message ephemerals modal modal_errors home pins file names`. What the bot did: `calls events`.
Trouble: `fail limit mend lose_acks lose_events deaf refresh cut redeliver redeliver_untaken revoked`.

It knows nothing of the bot, and patches nothing of slack-sdk. What a person could not do raises `NotPossible`.
Leaving the block fails if the bot called an unknown method or answered with something Slack could not use.
"""

from tests.fakes.slack.delivery import Ack
from tests.fakes.slack.heard import Heard
from tests.fakes.slack.inputs import NotPossible
from tests.fakes.slack.server import Call, FakeSlack

__all__ = ["Ack", "Call", "FakeSlack", "Heard", "NotPossible"]
