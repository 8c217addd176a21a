"""Signatures are those of Standard Webhooks, and secrets are not in the database."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from bot.webhooks.signatures import derive_secret, sign_delivery, write_secret
from tests.webhooks.receiver import is_signed

AT = datetime.fromtimestamp(1614265330, UTC)


def test_a_signature_is_the_one_of_the_specification():
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = sign_delivery([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_id_time_and_body_are_signed():
    secret = derive_secret(b"k" * 32, "ab" * 16)
    shown = write_secret(secret)
    headers, body = dict(sign_delivery([secret], "msg_1", AT, b"{}")), b"{}"
    assert is_signed(shown, headers, body)
    assert not is_signed(shown, headers, b"{ }")
    assert not is_signed(shown, headers | {"webhook-id": "msg_2"}, body)
    assert not is_signed(shown, headers | {"webhook-timestamp": "1614265331"}, body)
    assert not is_signed(write_secret(derive_secret(b"k" * 32, "cd" * 16)), headers, body)


def test_after_the_secret_of_the_database_changed_the_old_one_signs_too():
    old, new = derive_secret(b"o" * 32, "ab" * 16), derive_secret(b"n" * 32, "ab" * 16)
    headers = sign_delivery([new, old], "msg_1", AT, b"{}")
    assert is_signed(write_secret(old), headers, b"{}")
    assert is_signed(write_secret(new), headers, b"{}")


def test_a_shown_secret_has_as_many_bytes_as_the_specification_wants():
    shown = write_secret(derive_secret(b"k" * 32, "ab" * 16))
    assert shown.startswith("whsec_")
    assert 24 <= len(base64.b64decode(shown.removeprefix("whsec_"))) <= 64
