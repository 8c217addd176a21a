"""A kind of answer that nobody needs, and a story about it; `test_answer_kinds` adds them to a copy of the house."""
