"""Public holidays are computed by a library that takes long to read: once, and before anybody waits for it."""

from datetime import date

from bot.schedules.public_holidays import is_public_holiday, load_public_holidays, public_holidays

THANKSGIVING = date(2026, 11, 26)


def test_what_was_loaded_is_not_computed_again_and_an_unknown_country_is_no_fault():
    public_holidays.cache_clear()
    load_public_holidays(["US", "", "ZZ"], THANKSGIVING)
    computed = public_holidays.cache_info().misses
    assert is_public_holiday("US", THANKSGIVING)
    assert not is_public_holiday("US", date(2026, 11, 27))
    assert public_holidays.cache_info().misses == computed
