"""The picture of a trend says each of its numbers in words, and none by color alone."""

from __future__ import annotations

from bot.chat.charts import Chart
from bot.pictures.columns import COLUMNS, Column, column_chart, draw_columns, draw_rows
from bot.pictures.shapes import DrawnLines, DrawnText


def test_the_alt_text_has_every_number_of_the_picture():
    columns = [
        Column("Oct 5", 12, "12", "12 answers, 29% of those asked", "29%"),
        Column("Oct 12", None, "–", "too few to show"),
    ]
    picture = column_chart(
        "Answers by week",
        "By the Monday",
        columns,
        note="–: too few people to show a number.",
        counted="Answers",
    )
    assert picture.alt == (
        "Answers by week. By the Monday. Oct 5: 12 answers, 29% of those asked. Oct 12: too few to show. "
        "–: too few people to show a number."
    )
    assert picture.png.startswith(b"\x89PNG")


def test_a_question_keeps_its_own_mark():
    assert (
        column_chart("How was it?", "", [Column("a", 1, "1", "1")], counted="Picks").alt
        == "How was it? a: 1."
    )


def test_a_number_that_is_not_told_is_striped_and_says_so():
    told, untold = Column("a", 3, "3", "3"), Column("b", None, "–", "too few")
    assert not any(isinstance(one, DrawnLines) for one in draw_columns("t", "", [told]).shapes)
    assert any(isinstance(one, DrawnLines) for one in draw_columns("t", "", [told, untold]).shapes)
    assert "–" in [
        one.words for one in draw_rows("t", "", [told, untold]).shapes if isinstance(one, DrawnText)
    ]


def test_only_the_newest_weeks_are_drawn():
    columns = [Column(f"w{number}", number, str(number), f"{number} answers") for number in range(12)]
    alt = column_chart("t", "", columns, counted="Answers").alt
    assert "w4:" not in alt
    assert alt.count("answers") == COLUMNS


def test_the_numbers_go_along_where_all_of_them_are_told():
    columns = [Column("Oct 5", 3.5, "3.5", "3.5"), Column("Oct 12", 4, "4", "4")]
    chart = column_chart("How was it?", "", columns, 5, counted="Average", floor=0).chart
    assert chart == Chart("How was it?", "Average", (("Oct 5", 3.5), ("Oct 12", 4)))
    untold = [*columns, Column("Oct 19", None, "–", "too few to show")]
    assert column_chart("How was it?", "", untold, 5, counted="Average", floor=0).chart is None
