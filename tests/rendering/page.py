"""From recorded messages to one page that looks as Discord would show them; pure."""

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.rendering.markdown import to_html

Theme = Literal["dark", "light"]

_EPHEMERAL = 1 << 6
_BUTTON, _SELECT = 2, 3
_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary"}
_COLOURS = {
    "dark": {"page": "#313338", "text": "#dbdee1", "faint": "#949ba4", "embed": "#2b2d31"},
    "light": {"page": "#ffffff", "text": "#313338", "faint": "#5c5e66", "embed": "#f2f3f5"},
}
_STYLE = """
body {{ background: {page}; color: {text}; margin: 0; padding: 16px; width: {width}px;
  box-sizing: border-box;
  font: 16px/1.375 'gg sans', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif; }}
a {{ color: #00a8fc; text-decoration: none; }}
pre {{ background: #0003; border-radius: 4px; margin: 4px 0; padding: 6px 8px; font-size: 13px; }}
code {{ background: #0003; border-radius: 3px; padding: 0 4px; font-size: 85%; }}
.asked {{ color: {faint}; font-size: 14px; margin: 12px 0 4px; }}
.author {{ font-weight: 600; margin-bottom: 2px; }}
.author span {{ background: #5865f2; color: #fff; border-radius: 3px; font-size: 10px;
  padding: 1px 4px; vertical-align: 2px; }}
.embed {{ background: {embed}; border-left: 4px solid var(--bar); border-radius: 4px;
  max-width: 516px; padding: 8px 16px 14px 12px; margin-top: 4px; font-size: 14px; }}
.title {{ font-weight: 600; font-size: 16px; margin: 6px 0; }}
.footer {{ color: {faint}; font-size: 12px; margin-top: 8px; }}
.field {{ margin-top: 8px; }} .name {{ font-weight: 600; }}
.fields {{ display: flex; flex-wrap: wrap; gap: 0 12px; }} .inline {{ flex: 1 1 30%; }}
small {{ display: block; color: {faint}; font-size: 12px; line-height: 1.4; }}
blockquote {{ border-left: 4px solid {faint}; margin: 0; padding-left: 8px; }}
h1, h2, h3 {{ margin: 8px 0 4px; }} h1 {{ font-size: 24px; }} h2 {{ font-size: 20px; }}
h3 {{ font-size: 16px; }} li {{ margin-left: 16px; }}
img {{ max-width: 516px; border-radius: 6px; margin-top: 6px; display: block; }}
.row {{ display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; max-width: 520px; }}
.button {{ border-radius: 4px; color: #fff; font-size: 14px; font-weight: 500; padding: 7px 16px; }}
.primary {{ background: #5865f2; }} .secondary {{ background: #4e5058; }}
.success {{ background: #248046; }} .danger {{ background: #da373c; }}
.disabled {{ opacity: 0.5; }}
.select {{ border: 1px solid #0006; background: #0002; border-radius: 4px; flex: 1; color: {faint};
  font-size: 14px; padding: 8px 12px; }} .select::after {{ content: '▾'; float: right; }}
.alone {{ color: {faint}; font-size: 12px; margin-top: 4px; }}
"""


@dataclass(frozen=True)
class Shot:
    """One answer to be shown.

    Attributes:
        asked: what the member did, in words.
        message: the recorded message.
        files: the bytes of its attachments by name.
    """

    asked: str
    message: Mapping[str, Any]
    files: Mapping[str, bytes]


def page(shots: Sequence[Shot], theme: Theme = "dark", width: int = 580) -> str:
    """The answers below each other as one HTML page that needs nothing else."""
    style = _STYLE.format(**_COLOURS[theme], width=width)
    body = "\n".join(map(_message, shots))
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style>\n{body}\n'


def _message(shot: Shot) -> str:
    message = shot.message
    parts = [
        f'<div class="asked">{html.escape(shot.asked)}</div>',
        '<div class="author">Crossfade <span>APP</span></div>',
    ]
    if message["content"]:
        parts.append(to_html(message["content"]))
    shown = {one.get("image", {}).get("url") for one in message["embeds"]}
    parts += [_embed(one, shot) for one in message["embeds"]]
    parts += [
        _picture(one["filename"], one.get("description", ""), shot)
        for one in message["attachments"]
        if one["url"] not in shown and f"attachment://{one['filename']}" not in shown
    ]
    parts += [_row(one) for one in message["components"]]
    if message["flags"] & _EPHEMERAL:
        parts.append('<div class="alone">Only you can see this</div>')
    return "\n".join(parts)


def _embed(embed: Mapping[str, Any], shot: Shot) -> str:
    parts = [f'<div class="embed" style="--bar: #{embed.get("color", 0x1E1F22):06x}">']
    if title := embed.get("title"):
        linked = f"[{title}]({embed['url']})" if embed.get("url") else title
        parts.append(f'<div class="title">{to_html(linked)}</div>')
    if description := embed.get("description"):
        parts.append(to_html(description))
    fields = [
        f'<div class="field{" inline" if one.get("inline") else ""}">'
        f'<div class="name">{html.escape(one["name"])}</div>{to_html(one["value"])}</div>'
        for one in embed.get("fields", [])
    ]
    parts.append(f'<div class="fields">{"".join(fields)}</div>' if fields else "")
    if image := embed.get("image"):
        parts.append(_picture(image["url"].rsplit("/", 1)[-1], "", shot))
    if footer := embed.get("footer"):
        parts.append(f'<div class="footer">{html.escape(footer["text"])}</div>')
    return "\n".join([*parts, "</div>"])


def _picture(name: str, description: str, shot: Shot) -> str:
    content = shot.files.get(name)
    if content is None or not name.endswith(".png"):
        return f'<div class="embed">📎 {html.escape(name)}</div>'
    data = base64.b64encode(content).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{html.escape(description)}">'


def _row(row: Mapping[str, Any]) -> str:
    return f'<div class="row">{"".join(map(_component, row.get("components", [])))}</div>'


def _component(one: Mapping[str, Any]) -> str:
    off = " disabled" if one.get("disabled") else ""
    if one["type"] == _BUTTON:
        emoji = (one.get("emoji") or {}).get("name") or ""
        label = html.escape(f"{emoji} {one.get('label') or ''}".strip())
        away = " ↗" if one["style"] == 5 else ""
        return f'<span class="button {_STYLES[one["style"]]}{off}">{label}{away}</span>'
    if one["type"] == _SELECT:
        return f'<span class="select{off}">{html.escape(one.get("placeholder") or "Choose")}</span>'
    return f'<span class="select{off}">component of type {one["type"]}</span>'
