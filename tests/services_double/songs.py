"""Invented songs, so that the loopback services have something to answer with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Song:
    """One record of a loopback lyrics service; ``words`` None where it has none."""

    artist: str
    title: str
    words: str | None = None
    synced: str | None = None
    instrumental: bool = False
    featuring: str = ""


HARBOUR = Song(
    "The Paper Lanterns",
    "Harbour at Night",
    "[Verse 1]\nThe kettle sings of copper rain\nA gull has learnt my name\n\n"
    "[Chorus]\nRow me home, row me home\nUnder lamps of foam",
)
HARBOUR_COVER = Song("Karaoke Kings", "Harbour at Night", "Words of somebody else\nla la la")
HARBOUR_REMIX = Song("The Paper Lanterns", "Harbour at Night (Nova Remix)", "Boom boom boom")
TRANSLATION = Song(
    "Genius Deutsche Übersetzungen",
    "The Paper Lanterns - Harbour at Night (Deutsche Übersetzung)",
    "Der Kessel singt vom Kupferregen",
)
DUET = Song("Ada Brook", "Two Clocks", "Tick says the left\nTock says the right", featuring="Milo")
SILENT = Song("Ada Brook", "Tidal Study No. 2", instrumental=True)
CATALOGUE = (HARBOUR_COVER, HARBOUR_REMIX, TRANSLATION, HARBOUR, DUET, SILENT)
