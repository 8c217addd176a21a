"""The forms that people have in front of them, and what they filled in when one was refused.

Discord closes a form as soon as it is sent, so one that was refused is opened anew, as it was left.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from bot.chat.forms import Form

QUARTER = 900.0
"""Seconds for which an open form is remembered."""
FORMS = 500


@dataclass(slots=True)
class _OpenModal:
    form: Form
    at: float
    fields: dict[str, object] | None = None


class OpenModals:
    """The last few hundred open forms, by person and custom id, in memory."""

    def __init__(self) -> None:
        self._forms: OrderedDict[tuple[int, str], _OpenModal] = OrderedDict()

    def open_form(self, user: int, form: Form) -> dict[str, object] | None:
        """Remember the form somebody opens; what they filled in before, when it was refused just now."""
        now = time.monotonic()
        while self._forms and (
            len(self._forms) >= FORMS or next(iter(self._forms.values())).at < now - QUARTER
        ):
            self._forms.popitem(last=False)
        key = (user, f"{form.id}:{form.value}")
        before = self._forms.pop(key, None)
        fields = before.fields if before is not None else None
        self._forms[key] = _OpenModal(form, now, fields)
        return fields

    def refuse_form(self, user: int, custom_id: str, fields: dict[str, object]) -> Form | None:
        """Remember what was filled in; the form, if it is known."""
        known = self._forms.get((user, custom_id))
        if known is None:
            return None
        known.fields, known.at = fields, time.monotonic()
        return known.form

    def keep_filled(self, user: int, form: Form) -> None:
        """Remember a form that could not be opened in time, with what it was filled with: its button has only its id."""
        self.open_form(user, form)
        filled: dict[str, object] = {part.name: part.value for part in form.inputs if part.value}
        self.refuse_form(user, f"{form.id}:{form.value}", filled)

    def drop_form(self, user: int, custom_id: str) -> None:
        """Forget a form that was taken."""
        self._forms.pop((user, custom_id), None)
