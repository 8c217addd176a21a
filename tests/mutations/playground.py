"""The mechanisms of the playground and of its page: they serve a newcomer, and none of the numbered scenarios."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

PLAYGROUND = "tests/stories/test_playground.py"
PAGE_TOOLS = "tests/browser/test_tools_of_the_page.py"

MUTATIONS = (
    Mutation(
        "playground: a receipt is no reply", (), "adapters/local/page/views.py",
        "one.thread is not None and one.visible_to(None)", "one.thread is not None and one.visible_to(reader.person)",
        ("tests/adapters/local/test_page.py::test_a_receipt_is_no_reply",),
    ),
    Mutation(
        "playground: the clock passes by what nobody sees", (), "bot/playground/stage.py",
        "lambda: bool(self._news(before))", "lambda: True",
        (f"{PLAYGROUND}::test_each_press_of_next_due_brings_something_that_somebody_sees",),
    ),
    Mutation(
        "playground: a newcomer's first weeks are school weeks", (), "bot/playground/school_year.py",
        "        monday += timedelta(weeks=1)\n", "        break\n",
        (f"{PLAYGROUND}::test_the_first_morning_is_followed_by_three_weeks_of_school",),
    ),
    Mutation(
        "playground: Escape keeps the text of a form", (), "adapters/local/page/static/dialog.js",
        "if (full && form()) restore();", "",
        (f"{PAGE_TOOLS}::test_escape_keeps_the_text_of_a_form_until_it_is_sent",),
    ),
    Mutation(
        "playground: a lost server is tried again", (), "adapters/local/page/static/feed.js",
        "    setTimeout(connect, AGAIN);\n", "",
        (f"{PAGE_TOOLS}::test_a_lost_server_says_so_and_comes_back_by_itself",),
    ),
    Mutation(
        "playground: a broken network lets nothing through", (), "adapters/local/events.py",
        "return None if self.faults.offline else self._core", "return self._core",
        (f"{PAGE_TOOLS}::test_a_channel_a_token_and_the_network_can_be_broken_and_mended",),
    ),
    Mutation(
        "playground: what arrives is read out", (), "adapters/local/page/static/feed.js",
        'document.addEventListener("htmx:after:swap", readOut);', "",
        (f"{PAGE_TOOLS}::test_what_arrives_is_read_out_once_and_ones_own_words_are_not",),
    ),
    Mutation(
        "playground: the tour ticks itself off", (), "adapters/local/page/tour.py",
        "            world.finish_step(id)\n", "            pass\n",
        (f"{PAGE_TOOLS}::test_the_tour_ticks_itself_off_and_always_leads_to_where_somebody_can_write",),
    ),
    Mutation(
        "gallery: both platforms show the time of the community", (), "adapters/discord/preview.py",
        "{int(one.at.timestamp()): one.zone for one in _moments(card)}", "{}",
        ("tests/house/test_pictures.py::test_both_platforms_show_the_same_times",),
    ),
)  # fmt: skip
