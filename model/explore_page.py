"""The exploration as one HTML page that needs no other file and asks nobody for anything."""

import base64
from collections.abc import Iterable, Sequence
from html import escape

from model.explore import ColumnSummary, Exploration, TableSummary
from model.explore_figures import Picture
from model.sources import LASTFM

_STATISTICS = ("mean", "sd", "min", "25%", "50%", "75%", "max")

# Whatever a name from the data may hold: the page may show its own pictures and nothing else.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_STYLE = """
:root { color-scheme: light dark; --ink: #22262e; --muted: #5d6573; --line: #d9dce1;
  --ground: #f7f7f5; --card: #fff; --link: #1f5f8f }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --muted: #a3abb8; --line: #3a404b;
  --ground: #16181d; --card: #1f2229; --link: #7cc0ee } }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.2rem 4rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
h1 { font-size: 1.9rem; margin: 0 } h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem } a { color: var(--link) }
.muted, figcaption { color: var(--muted) } nav a { margin-right: 1rem; white-space: nowrap }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  overflow: hidden } figure img { display: block; width: 100%; height: auto }
figcaption { padding: .7rem 1rem }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem } table { border-collapse: collapse; width: 100%; font-size: .88rem }
th, td { padding: .35rem .7rem; text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums } thead th { border-bottom: 1px solid var(--line) }
th:first-child { text-align: left } tbody tr + tr > * { border-top: 1px solid var(--line) }
.tags { columns: 15rem; padding: 0 0 0 1.2rem; font-size: .88rem } .tags li { break-inside: avoid }
summary { cursor: pointer; margin: .8rem 0 } footer { margin-top: 3rem; font-size: .88rem }
""".strip()

_SOURCE = (
    "Data: hetrec2011-lastfm-2k, from Last.fm (http://www.last.fm), made available for "
    "non-commercial use; Cantador, Brusilovsky and Kuflik, HetRec 2011 (RecSys 2011)."
)


def page(exploration: Exploration, pictures: Sequence[Picture]) -> str:
    """The whole page. Every text from the data is escaped."""
    listeners, artists = exploration.friends.size, exploration.plays.size
    sections = [("tables", "The six tables"), *((shown.name, shown.title) for shown in pictures)]
    links = "\n".join(f'<a href="#{escape(key)}">{_text(title)}</a>' for key, title in sections)
    source = f"<footer>{_text(_SOURCE)}</footer>" if exploration.name == LASTFM else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What {_text(exploration.name)} holds</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>What {_text(exploration.name)} holds</h1>
<p>{listeners:,} listeners, {artists:,} played artists, {exploration.plays.sum():,} plays.
<span class="muted">Fingerprint {_text(exploration.fingerprint[:12])}.</span></p>
<nav>{links}</nav>
<main>
<section id="tables">
<h2>The six tables</h2>
{_about_tables(exploration)}
{"".join(map(_table, exploration.tables))}
</section>
{"".join(_section(shown, exploration) for shown in pictures)}</main>
{source}
</body>
</html>
"""


def _text(text: str) -> str:
    """Text from the data as HTML text; what may not stand in a page at all is replaced."""
    seen = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return escape(seen)


def _about_tables(exploration: Exploration) -> str:
    about = "Nulls are cells without a value; sd is that of a sample."
    if exploration.unknown:
        about += (
            f" The tag assignments are those of the files; training leaves out "
            f"{exploration.unknown:,} of them, whose artist or tag is in no table."
        )
    return f'<p class="muted">{about}</p>'


def _table(table: TableSummary) -> str:
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("column", "type", "nulls", "distinct", *_STATISTICS)
    )
    body = "\n".join(map(_column, table.columns))
    return f"""<h3>{_text(table.name)}: {table.rows:,} rows</h3>
<div class="wide"><table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table></div>
"""


def _column(column: ColumnSummary) -> str:
    cells = [column.kind, f"{column.nulls:,}", f"{column.distinct:,}"]
    cells += [_number(column.statistics.get(name)) for name in _STATISTICS]
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{_text(column.name)}</th>{row}</tr>'


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if abs(value) >= 1e9:
        return f"{value:.5g}"
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.1f}"


def _section(shown: Picture, exploration: Exploration) -> str:
    image = base64.b64encode(shown.png).decode("ascii")
    more = _metal(exploration) if shown.name == "metal-tags" else ""
    return f"""<section id="{escape(shown.name)}">
<h2>{_text(shown.title)}</h2>
<figure>
<img alt="{_text(shown.alternative)}" src="data:image/png;base64,{image}">
<figcaption>{_text(shown.caption)}</figcaption>
</figure>
{more}</section>
"""


def _metal(exploration: Exploration) -> str:
    counts = exploration.tags_ending_in("metal")
    return f"""<details><summary>All {len(counts):,} tags ending in “metal”</summary>
<ol class="tags">
{_items(f"{_text(count.tag)} ({count.applied:,})" for count in counts)}
</ol></details>
"""


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"<li>{item}</li>" for item in items)
