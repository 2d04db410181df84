"""A local Discord (gateway websocket and REST on loopback) for the real discord.py client."""
