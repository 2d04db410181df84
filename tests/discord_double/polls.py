"""Polls: what Discord refuses in them beyond its OpenAPI document, and how it shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.discord_double.openapi import utf16_length
from tests.discord_double.records import FieldError, Json

ANSWER_TEXT, USUAL_HOURS = 55, 24


def poll_faults(poll: Json) -> Iterator[FieldError]:
    """Yield what is wrong with a poll, with paths from the message on."""
    if poll["question"].get("emoji"):
        text = "This poll type cannot include attachments, emoji or stickers with the question"
        yield FieldError("poll", "POLL_TYPE_QUESTION_ALLOWS_TEXT_ONLY", text)
    for index, answer in enumerate(poll["answers"]):
        if utf16_length(answer["poll_media"].get("text") or "") > ANSWER_TEXT:
            path = f"poll.answers.{index}.poll_media.text"
            text = f"Must be {ANSWER_TEXT} or fewer in length."
            yield FieldError(path, "BASE_TYPE_MAX_LENGTH", text)


def shown_poll(poll: Json) -> Json:
    """Return a new poll as members see it; nobody has voted."""
    ends = datetime.now(UTC) + timedelta(hours=poll.get("duration") or USUAL_HOURS)
    answers = enumerate(poll["answers"], start=1)
    return {
        "question": {"text": poll["question"].get("text") or ""},
        "answers": [
            {"answer_id": number, "poll_media": one["poll_media"]} for number, one in answers
        ],
        "expiry": ends.isoformat(),
        "allow_multiselect": bool(poll.get("allow_multiselect")),
        "layout_type": poll.get("layout_type") or 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }
