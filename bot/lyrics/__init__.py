"""Lyrics: providers behind one protocol, a service that asks them, and how the words are shown."""
