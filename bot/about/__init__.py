"""``/about`` and ``/help``: what answers here, and how to ask it."""
