"""End to end: the real discord.py client against a local Discord."""
