"""``/recommend``: artists worth hearing, with reasons."""
