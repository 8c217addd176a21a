"""The mechanisms of webhooks and calendar feeds: signed, never inside, never doubled without an id, and over when they are over."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

SIGNING, ADDRESSES = "bot/webhooks/signatures.py", "bot/webhooks/addresses.py"
CLIENT, QUEUE, EVENTS = "bot/webhooks/client.py", "bot/webhooks/queue.py", "bot/webhooks/events.py"
SIGNS, WHERE, TOLD = (
    "tests/webhooks/test_signatures.py",
    "tests/webhooks/test_addresses.py",
    "tests/webhooks/test_delivery.py",
)
HOOKS, FEEDS = "tests/stories/test_webhooks.py", "tests/stories/test_calendar_feeds.py"

MUTATIONS = (
    Mutation(
        "what a webhook is told is signed as a whole",
        (45,),
        SIGNING,
        'signed = f"{id}.{timestamp}.".encode() + body',
        "signed = body",
        (f"{SIGNS}::test_id_time_and_body_are_signed",),
    ),
    Mutation(
        "a webhook's secret is made with the secret of the database",
        (45,),
        SIGNING,
        "return hmac.new(key, salt.encode(), hashlib.sha256).digest()",
        "return hashlib.sha256(salt.encode()).digest()",
        (f"{SIGNS}::test_after_the_secret_of_the_database_changed_the_old_one_signs_too",),
    ),
    Mutation(
        "an address inside is refused when a webhook is set up",
        (45,),
        ADDRESSES,
        "        self.check_ip(found)\n\n",
        "        del found\n\n",
        (f"{WHERE}::test_an_address_that_may_not_be_called_is_refused",),
        by="Failed",
    ),
    Mutation(
        "a name that leads inside is refused when it was resolved",
        (45,),
        ADDRESSES,
        'self._rules.check_ip(ipaddress.ip_address(one["host"].partition("%")[0]))',
        "pass",
        (f"{TOLD}::test_a_redirect_inside_and_a_name_that_leads_inside_are_never_called",),
    ),
    Mutation(
        "an address inside that another wraps is refused",
        (45,),
        ADDRESSES,
        "if any(one is not None and not is_public(one) for one in wrapped):",
        "if False:",
        (f"{WHERE}::test_an_address_that_may_not_be_called_is_refused",),
        by="Failed",
    ),
    Mutation(
        "a webhook follows no redirect",
        (45,),
        CLIENT,
        "allow_redirects=False",
        "allow_redirects=True",
        (f"{TOLD}::test_what_is_not_taken_is_told_again_under_the_same_id",),
    ),
    Mutation(
        "an end that nobody saw is told again",
        (3, 6),
        "bot/delivery/hook_call.py",
        "return CallDelayed(code_of(error), None)",
        "return CallRejected(code_of(error))",
        ("tests/webhooks/test_delivery.py::test_what_nobody_foresaw_is_told_again",),
    ),
    Mutation(
        "a paused webhook is told nothing that waits",
        (45,),
        CLIENT,
        "hook is None or hook.paused_at is not None or kind is None",
        "hook is None or kind is None",
        (f"{TOLD}::test_a_paused_or_removed_webhook_is_told_nothing_that_waits",),
    ),
    Mutation(
        "a webhook that is given up is stopped",
        (10,),
        QUEUE,
        "not tables.pause_webhook(conn, hook.id, now, fact.code)",
        "True",
        (f"{HOOKS}::test_a_service_that_wants_nothing_more_is_stopped_and_moderators_hear_of_it",),
        by="ValueError",
    ),
    Mutation(
        "a strategy that was taken back is not told",
        (37,),
        EVENTS,
        "if one is None or not one.shown:",
        "if one is None:",
        (f"{HOOKS}::test_what_was_erased_or_taken_back_before_it_was_told_is_not_told",),
    ),
    Mutation(
        "fewer than five are never told as a number",
        (51,),
        EVENTS,
        "return count > 0 and count % MINIMUM == 0",
        "return count > 0",
        (f"{HOOKS}::test_five_who_finish_a_lesson_are_told_as_a_number_and_fewer_never",),
    ),
    Mutation(
        "an address of a feed is sealed",
        (45,),
        "bot/feeds/addresses.py",
        "return salt.hex() if any(known) else None",
        "return salt.hex()",
        ("tests/feeds/test_addresses.py::test_a_salt_without_its_seal_is_no_address",),
    ),
    Mutation(
        "a new address of a feed ends the old one",
        (37,),
        "bot/feeds/tables.py",
        "return bool(conn.execute(mine.values(salt=secrets.token_hex(SALT))).rowcount)",
        "return bool(mine.is_update)",
        (f"{FEEDS}::test_a_former_address_is_like_one_that_never_was",),
    ),
    Mutation(
        "whoever left has no feed",
        (37,),
        "bot/feeds/feature.py",
        "        facts=((MemberLeft, member_left),),\n",
        "",
        (f"{FEEDS}::test_whoever_is_erased_or_leaves_has_no_feed_any_more",),
    ),
)
