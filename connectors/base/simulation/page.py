"""The page of the served door: what each simulated vendor holds, its last calls, and forms that set a mood.

One HTML text without script or foreign parts; every value is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from connectors.base.simulation.calls import Call
from connectors.base.simulation.exchange import SimulatedAnswer
from connectors.base.simulation.moods import Mood
from connectors.base.simulation.simulator import Simulator, Table

SHOWN_CALLS = 20
STYLE = (Path(__file__).parent / "page.css").read_text()
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
CALL_COLUMNS = ("Time", "Endpoint", "Call", "Status", "Records", "Mood")


def page(simulators: Sequence[Simulator], *, notice: str = "") -> SimulatedAnswer:
    """The whole page."""
    parts = [_vendor(simulator) for simulator in simulators]
    told = f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""
    body = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Practice vendors</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body><header><h1>Practice vendors</h1>
<p>LinkedIn and Greenhouse as TalentSync meets them in practice. Nothing here reaches the real ones.</p>
<nav><a href="/">Refresh</a>{"".join(f'<a href="#{s.name}">{escape(_title(s))}</a>' for s in simulators)}</nav></header>
<main>{told}{"".join(parts)}{_clock(simulators)}</main></body></html>"""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return SimulatedAnswer(status=200, headers=headers, body=body.encode())


def _title(simulator: Simulator) -> str:
    return {"linkedin": "LinkedIn"}.get(simulator.name, simulator.name.capitalize())


def _vendor(simulator: Simulator) -> str:
    tables = "".join(_table(table) for table in simulator.tables())
    calls = Table(
        title="Last calls",
        columns=CALL_COLUMNS,
        rows=[_call(call) for call in reversed(simulator.calls[-SHOWN_CALLS:])],
        empty="Nobody has called yet.",
    )
    prefixes = " and ".join(f"<code>{escape(door.prefix)}</code>" for door in simulator.doors.values())
    return f"""<section id="{simulator.name}" aria-labelledby="{simulator.name}-title">
<h2 id="{simulator.name}-title">{escape(_title(simulator))}</h2><p class="quiet">Answers at {prefixes}</p>
{tables}{_moods(simulator)}{_table(calls)}</section>"""


def _table(table: Table) -> str:
    if not table.rows:
        return f'<h3>{escape(table.title)}</h3><p class="quiet">{escape(table.empty)}</p>'
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "".join(f"<tr>{_cells(table.columns, row)}</tr>" for row in table.rows)
    return f"<h3>{escape(table.title)}</h3><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(columns: Sequence[str], row: Sequence[str]) -> str:
    return "".join(
        f'<td data-label="{escape(name)}">{_value(name, value)}</td>' for name, value in zip(columns, row, strict=True)
    )


def _value(column: str, value: str) -> str:
    if column != "Status":
        return f"<span>{escape(value)}</span>"
    kind = f"s{value[0]}xx" if value[:1].isdigit() and value != "0" else value.lower()
    return f'<span class="mark {escape(kind)}">{escape(value.replace("_", " ").lower())}</span>'


def _call(call: Call) -> tuple[str, ...]:
    at = datetime.fromtimestamp(call.at, tz=UTC).strftime("%H:%M:%S")
    method = f"{call.method} (inside a POST)" if call.override else call.method
    path = call.path.partition("?")[0]
    status = str(call.status) if call.status else "no answer"
    return (at, call.endpoint or "unknown", f"{method} {path}", status, str(call.records), call.mood)


def _moods(simulator: Simulator) -> str:
    waiting = "".join(f"<li>{escape(_worded(mood))}</li>" for mood in simulator.world.moods.waiting())
    listed = f'<ul class="moods">{waiting}</ul>' if waiting else '<p class="quiet">In its ordinary mood.</p>'
    kinds = "".join(
        f'<option value="{escape(kind)}">{escape(kind.replace("_", " "))}: {escape(words)}</option>'
        for kind, words in simulator.world.moods.kinds.items()
    )
    endpoints = "".join(f"<option>{escape(endpoint)}</option>" for endpoint in simulator.endpoints)
    name = simulator.name
    return f"""<h3>Mood</h3>{listed}<form method="post" action="/mood" class="mood">
<input type="hidden" name="vendor" value="{name}">
<label class="wide">What it does<select name="kind">{kinds}</select></label>
<label>Endpoint<select name="endpoint"><option value="">any</option>{endpoints}</select></label>
{_field("External id or title", "match", "any")}
{_field("Times", "times", "", "1")}{_field("Status", "status", "such as 429")}
{_field("Message", "message", "the vendor's words")}{_field("Seconds", "seconds", "for slow tasks")}
<label class="check"><input type="checkbox" name="applied" value="1">does the work first</label>
<button>Set the mood</button></form>"""


def _field(label: str, name: str, placeholder: str, value: str = "") -> str:
    hint = f' placeholder="{escape(placeholder)}"' if placeholder else ""
    return f'<label>{escape(label)}<input name="{name}" value="{escape(value)}"{hint}></label>'


def _worded(mood: Mood) -> str:
    times = "until calmed" if mood.times is None else f"{mood.times} more"
    where = f" at {mood.endpoint}" if mood.endpoint else ""
    about = f" for {mood.match}" if mood.match else ""
    status = f" {mood.status}" if mood.status else ""
    return f"{mood.kind.replace('_', ' ')}{status}{where}{about} ({times})"


def _clock(simulators: Sequence[Simulator]) -> str:
    now = datetime.fromtimestamp(simulators[0].clock.now(), tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"""<section id="clock" aria-labelledby="clock-title"><h2 id="clock-title">Time and temper</h2>
<p>It is {now} at the vendors.</p>
<form method="post" action="/clock">
{_field("Move forward by hours", "hours", "", "24")}<button>Move the clock</button></form>
<form method="post" action="/calm"><button>Forget all moods</button></form></section>"""
