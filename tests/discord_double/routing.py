"""Pointing discord.py at a local Discord; imports nothing else, so that a launch stays cheap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def route_to(rest_url: str, gateway_url: str) -> None:
    """Send every discord.py client of this process to other addresses than Discord's."""
    Route.BASE = rest_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


@contextmanager
def routed(rest_url: str, gateway_url: str) -> Iterator[None]:
    """Do so for a while."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    route_to(rest_url, gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
