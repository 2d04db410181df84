"""Cut out of Discord's OpenAPI document what the local Discord serves.

    python -m tests.discord_double.extract_openapi PATH/TO/openapi.json

Writes ``discord_openapi_parts.json`` beside this file: for every served route the schema of the
JSON request body and of the 200 answer, and every schema that these reach. Descriptions are left
out; keys are sorted, so that a newer document gives a readable difference.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PARTS = Path(__file__).with_name("discord_openapi_parts.json")
SCHEMA = "#/components/schemas/"
COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
MESSAGES = "/webhooks/{webhook_id}/{webhook_token}/messages"
SERVED: dict[str, tuple[str, ...]] = {
    "/users/@me": ("get",),
    "/users/@me/guilds": ("get",),
    "/oauth2/applications/@me": ("get",),
    "/applications/@me": ("get",),
    "/gateway": ("get",),
    "/gateway/bot": ("get",),
    COMMANDS: ("get", "put", "post"),
    f"{COMMANDS}/{{command_id}}": ("get", "delete"),
    GUILD_COMMANDS: ("get", "put", "post"),
    f"{GUILD_COMMANDS}/{{command_id}}": ("get", "delete"),
    "/interactions/{interaction_id}/{interaction_token}/callback": ("post",),
    "/webhooks/{webhook_id}/{webhook_token}": ("post",),
    f"{MESSAGES}/@original": ("get", "patch", "delete"),
    f"{MESSAGES}/{{message_id}}": ("get", "patch", "delete"),
}


def without_prose(schema: Any) -> Any:
    """Return a schema without descriptions and titles; properties of these names stay."""
    if isinstance(schema, list):
        return [without_prose(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in {"description", "title"}}
    return {
        key: {name: without_prose(one) for name, one in value.items()}
        if key == "properties"
        else without_prose(value)
        for key, value in kept.items()
    }


def references(schema: Any) -> Iterator[str]:
    """Yield the names of the schemas that a schema refers to."""
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(SCHEMA)
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def extract(document: dict[str, Any]) -> dict[str, Any]:
    """Return the served routes and the closure of their schemas."""
    routes: dict[str, dict[str, Any]] = {}
    for path, methods in SERVED.items():
        for method in methods:
            operation = document["paths"][path][method]
            answer = operation["responses"].get("200", {})
            routes.setdefault(path, {})[method] = {
                name: without_prose(part["content"]["application/json"]["schema"])
                for name, part in [("request", operation.get("requestBody")), ("response", answer)]
                if part and "content" in part
            }
    everything = document["components"]["schemas"]
    schemas: dict[str, Any] = {}
    pending = list(references(routes))
    while pending:
        name = pending.pop()
        if name not in schemas:
            schemas[name] = without_prose(everything[name])
            pending += references(schemas[name])
    info = {key: document["info"][key] for key in ("title", "version", "license")}
    return {"info": info, "paths": routes, "components": {"schemas": schemas}}


def main() -> int:
    """Read the document that is named and write the parts."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m tests.discord_double.extract_openapi DOCUMENT\n")
        return 2
    parts = extract(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    draft = PARTS.with_suffix(".new")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(PARTS)
    sys.stdout.write(f"{PARTS.name}: {len(text):,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
