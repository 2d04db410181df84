"""HTTP answers: Discord's own, and those of what stands between it and its clients."""

from __future__ import annotations

import hashlib
import json
import math
import socket
import struct
import time
from typing import Any

from aiohttp import web

from tests.discord_double.fates import LIMITS, STATUS, Fate, Fault

VIA = {"Via": "1.1 google"}
# discord.py parses an answer only if its type is exactly this, without a charset.
JSON = "application/json"


def of_discord(name: str, answer: Any, status: int) -> web.Response:
    """Return an answer with Discord's headers; ``name`` is the method and the route."""
    headers = VIA | _limit_headers(name, left=49, seconds=1.0)
    if status == 204:
        return web.Response(status=204, headers=headers)
    body = json.dumps(answer).encode()
    return web.Response(body=body, status=status, headers=headers, content_type=JSON)


def of_a_proxy(status: int) -> web.Response:
    """Return an answer in which Discord had no part."""
    page = f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return web.Response(status=status, text=page, content_type="text/html")


def without_effect(request: web.Request, name: str, fate: Fate) -> web.StreamResponse:
    """Return the answer to a request that Discord did nothing about."""
    if fate.fault in LIMITS:
        return _limited(name, fate)
    if fate.fault is not None and fate.fault in STATUS:
        return of_a_proxy(fate.status or STATUS[fate.fault])
    return cut(request)


def cut(request: web.Request) -> web.StreamResponse:
    """Reset the connection; the response that is returned reaches nobody."""
    transport = request.transport
    if transport is not None:
        wire: Any = transport.get_extra_info("socket")
        # With nothing to linger for, closing resets.
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=502)


def _limited(name: str, fate: Fate) -> web.Response:
    # The header holds whole seconds, the body the exact time (Discord's reference, "Rate Limits").
    waiting = {"Retry-After": str(math.ceil(fate.seconds))}
    if fate.fault is Fault.CLOUDFLARE_LIMIT:
        headers = waiting | {"Server": "cloudflare", "CF-RAY": "8f00000000000000-TXL"}
        return web.Response(status=429, text="error code: 1015", headers=headers)
    everywhere = fate.fault is Fault.GLOBAL_LIMIT
    headers = VIA | waiting | {"X-RateLimit-Scope": "global" if everywhere else "user"}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    else:
        headers |= _limit_headers(name, left=0, seconds=fate.seconds)
    said = {
        "message": "You are being rate limited.",
        "retry_after": round(fate.seconds, 3),
        "global": everywhere,
    }
    body = json.dumps(said).encode()
    return web.Response(body=body, status=429, headers=headers, content_type=JSON)


def _limit_headers(name: str, *, left: int, seconds: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": f"{time.time() + seconds:.3f}",
        "X-RateLimit-Reset-After": f"{seconds:.3f}",
        "X-RateLimit-Bucket": hashlib.sha256(name.encode()).hexdigest()[:32],
    }
