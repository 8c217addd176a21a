"""Addresses of feeds cannot be guessed: only what the secret of the database sealed is one."""

from __future__ import annotations

import base64

import pytest

from bot.feeds.addresses import SEAL, read_token, write_token
from bot.feeds.tables import SALT

KEY, SALT_HEX = b"k" * 32, "00112233445566778899aabbccddeeff"


def test_what_was_sealed_is_read():
    token = write_token(KEY, SALT_HEX)
    assert read_token([KEY], token) == SALT_HEX
    assert read_token([b"n" * 32, KEY], token) == SALT_HEX, "with a former secret, too"
    assert token.replace("-", "").replace("_", "").isalnum()


def test_a_salt_without_its_seal_is_no_address():
    raw = bytes.fromhex(SALT_HEX)
    for seal in (b"\0" * SEAL, b"\xff" * SEAL, raw):
        assert read_token([KEY], base64.urlsafe_b64encode(raw + seal).rstrip(b"=").decode()) is None
    assert read_token([b"x" * 32], write_token(KEY, SALT_HEX)) is None


def test_each_letter_of_an_address_counts():
    token = write_token(KEY, SALT_HEX)
    for place in range(len(token) - 1):  # the last letter has bits that stand for nothing
        other = "A" if token[place] != "A" else "B"
        assert read_token([KEY], token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize(
    "token", ["", "x", "é", "\0", "=" * 43, "A" * 43, "A" * 5000, "-_" * 20, "a.b", "a/b", "%00"]
)
def test_garbage_is_no_address(token):
    assert read_token([KEY], token) is None


def test_salt_and_seal_hold_128_bits_each():
    assert (SALT, SEAL) == (16, 16)
