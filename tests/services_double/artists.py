"""Invented artists and who is near them, for the loopback services that know such things."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Artist:
    """An artist of the loopback services.

    ``near`` holds neighbours and the sessions they share; ``records`` further records of any kind
    that the services mix into the neighbours.
    """

    number: int
    name: str
    near: dict[str, int] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    about: str = ""
    records: tuple[object, ...] = ()

    @property
    def mbid(self) -> str:
        return mbid_of(self.number)


def mbid_of(number: int) -> str:
    return str(UUID(int=0xA5 << 120 | number))


MERIDIAN = Artist(
    1,
    "Velvet Meridian",
    {"Willie Nelson": 700, "Tin Ferry": 1200, "johnny cash": 900, "Merle Haggard": 350},
    aliases=("V. Meridian", "Вельвет Меридиан"),
    about="Portuguese country duo",
)
NAMESAKE = Artist(2, "Velvet Meridian", {"Slayer": 40}, about="60s cover band")
STRANGER = Artist(3, "Tin Ferry", {"Paper Moths": 80, "Johnny Cassh": 70})
LONER = Artist(4, "Lone Kettle")
RENAMED = Artist(5, "Johnny Cash", {"Willie Nelson": 5000}, aliases=("The Man in Black",))
CATALOGUE = (NAMESAKE, MERIDIAN, STRANGER, LONER, RENAMED)
