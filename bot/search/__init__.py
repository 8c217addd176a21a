"""Search: what members shared is found by words, in English and Spanish, by whoever may read it."""
