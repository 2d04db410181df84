"""The data sources by the names that tables, manifests and command lines know them by."""

LASTFM = "lastfm-hetrec-2011"
"""The published Last.fm data."""

DEMO = "demo"
"""The embedded catalogue, whose listeners are simulated."""
