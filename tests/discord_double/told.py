"""What another process is told of a local Discord, as JSON."""

from __future__ import annotations

from dataclasses import asdict

from tests.discord_double.interactions import Answer
from tests.discord_double.judging import Verdict
from tests.discord_double.ledger import Entry, Sending
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble


def of_state(double: DiscordDouble) -> Json:
    """Return who is there and what was not as it should be."""
    return {
        "ready_shards": sorted(double.gateway.ready_shards),
        "connected": double.gateway.connected,
        "commands": double.commands,
        "guilds": [{"id": one.id, "name": one.name} for one in double.guilds],
        "identified": [asdict(one) for one in double.identified],
        "closed_with": double.gateway.closed_with,
        "requests": len(double.requests),
        "rejections": [str(one) for one in double.rejections],
        "unknown_routes": double.unknown_routes,
        "own_faults": [repr(one) for one in double.log.own_faults],
    }


def of_answer(answer: Answer) -> Json:
    """Return what is to be seen of an answer; files by name with their size in bytes."""
    return {
        "kind": answer.kind.name.lower(),
        "reply": None if answer.reply is None else answer.reply.name.lower(),
        "latency": answer.latency,
        "deferred": answer.deferred,
        "ephemeral": answer.ephemeral,
        "message": answer.message,
        "followups": answer.followups,
        "files": {name: len(content) for name, content in answer.files.items()},
        "choices": answer.choices,
        "modal": answer.modal,
        "rejections": [str(one) for one in answer.rejections],
    }


def of_entry(entry: Entry) -> Json:
    """Return every attempt at an answer; times are seconds since the interaction began."""
    return {
        "number": entry.number,
        "id": entry.id,
        "kind": entry.answer.kind.name.lower(),
        "name": entry.answer.interaction["data"].get("name"),
        "delivered": entry.delivered,
        "answered": entry.answered,
        "answered_twice": entry.answered_twice,
        "left_thinking": entry.left_thinking,
        "first": _of_sending(entry.first),
        "further": [_of_sending(one) for one in entry.further.values()],
    }


def of_verdict(verdict: Verdict) -> Json:
    """Return the counts, and the numbers of the interactions that are not as they should be."""
    return {
        "fired": verdict.fired,
        "answered": verdict.answered,
        **{
            name: [one.number for one in getattr(verdict, name)]
            for name in ("hopeless", "missed", "twice", "thinking")
        },
        "unfulfilled": [
            {"number": one.number, "name": what.name} for one, what in verdict.unfulfilled
        ],
    }


def _of_sending(sending: Sending) -> Json:
    return {
        "name": sending.name,
        "in_time": sending.in_time,
        "clear_in_time": sending.clear_in_time,
        "attempts": [
            {
                "arrived": one.arrived,
                "fault": one.fate.fault,
                "seconds": one.fate.seconds,
                "effect": one.effect,
                "code": one.code,
            }
            for one in sending.attempts
        ],
    }
