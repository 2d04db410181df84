"""``/map``: where an artist lies among others, as a picture."""
