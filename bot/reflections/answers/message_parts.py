"""A message as a part of an answer: the name it is stored by, and its words."""

from __future__ import annotations

from bot.chat.models import Message


def source_of(message: Message) -> str:
    """The identity of a message as the source of a part of an answer."""
    return f"{message.place.space}/{message.place.channel}/{message.id}"


def form_source(answer_id: int, question: int) -> str:
    """The identity of what was filled in or picked for a question, as the source of a part of an answer."""
    return f"form/{answer_id}/{question}"


def text_of(message: Message) -> str:
    """The words, and the names of the files that came with them: of a file nothing else is stored."""
    words = [message.text] if message.text.strip() else []
    return "\n".join((*words, *(f"[file: {name}]" for name in message.files)))
