"""Components of messages and modals: walking through them, and what a member can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.discord_double.errors import NotOfferedError
from tests.discord_double.kinds import StoredMessage
from tests.discord_double.records import Json, User

BUTTON, STRING_SELECT = 2, 3
SELECTS = frozenset({3, 5, 6, 7, 8})


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component, those inside rows, sections and containers too."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        if component.get("accessory"):
            yield from walk([component["accessory"]])


def without_nulls(value: Any) -> Any:
    """Return JSON without the keys whose value is null."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


# What Discord adds to components that leave it out.
_USUAL: dict[int, Json] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    11: {"description": None, "spoiler": False},
    14: {"divider": True, "spacing": 1},
    17: {"accent_color": None, "spoiler": False},
}


def complete_components(components: Sequence[Json], shown_at: Callable[[str], str]) -> None:
    """Give each component without an id the next free one, and everything its usual values.

    ``shown_at`` gives the address under which the picture of an address can be fetched.
    """
    taken = {one["id"] for one in walk(components) if one.get("id")}
    free = (number for number in range(1, 1_000) if number not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
        component.update(_USUAL.get(component["type"], {}) | component)
        for number, item in enumerate(component.get("items") or ()):
            item.update({"description": None, "spoiler": False} | item)
            _complete_media(item["media"], f"{component['id']}{number}", shown_at)
        if component.get("media"):
            _complete_media(component["media"], str(component["id"]), shown_at)


def _complete_media(media: Json, media_id: str, shown_at: Callable[[str], str]) -> None:
    url = shown_at(media["url"])
    media |= {"id": media_id, "url": url, "proxy_url": url}


def usable_component(
    stored: StoredMessage, user: User, custom_id: str | None, label: str | None
) -> Json:
    """Return the component that a member means; refuse what he cannot use."""
    if stored.seen_by is not None and stored.seen_by != user:
        raise NotOfferedError(f"{user.name} cannot see the message of {stored.seen_by.name}")
    usable = [one for one in walk(stored.payload["components"]) if "custom_id" in one]
    for component in usable:
        if custom_id == component["custom_id"] or (label and label == component.get("label")):
            if component.get("disabled"):
                raise NotOfferedError(f"{custom_id or label!r} is disabled")
            return component
    there = [one.get("label") or one["custom_id"] for one in usable]
    raise NotOfferedError(f"no component {custom_id or label!r}; there are {there}")


def chosen_values(component: Json, values: Sequence[str]) -> list[str]:
    """Return the values chosen of a menu; refuse what it does not offer."""
    least = component["min_values"]
    most = component["max_values"]
    if not least <= len(values) <= most:
        raise NotOfferedError(f"choose {least} to {most} values, not {len(values)}")
    offered = [option["value"] for option in component.get("options", [])]
    if component["type"] == STRING_SELECT and (unknown := set(values) - set(offered)):
        raise NotOfferedError(f"not in the menu: {sorted(unknown)}; there are {offered}")
    return list(values)


def modal_inputs(modal: Json) -> list[Json]:
    """Return the fields of a modal."""
    below = [row.get("components") or [row.get("component") or {}] for row in modal["components"]]
    return [one for row in below for one in row if "custom_id" in one]


def filled_row(row: Json, fields: Mapping[str, str]) -> Json:
    """Return a row of a modal as it is sent once filled in."""

    def value(one: Json) -> Json:
        return {"type": one["type"], "custom_id": one["custom_id"]} | {
            "value": fields[one["custom_id"]]
        }

    if "component" in row:
        return {"type": row["type"], "component": value(row["component"])}
    return {"type": row["type"], "components": [value(one) for one in row["components"]]}
