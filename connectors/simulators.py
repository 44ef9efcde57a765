"""Both vendors of practice behind one loopback port. It only puts together what the vendors' simulators offer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from connectors.base.simulation.serving import PracticeServer
from connectors.base.simulation.simulator import Simulator
from connectors.base.simulation.store import Store
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin

# Long enough to see *Posting* in a demonstration, short enough not to wait for it.
TASK_SECONDS = 2.0
MATCH_SECONDS = 2.0


def practice_vendors(store_path: str | Path, *, task_seconds: float = TASK_SECONDS) -> list[Simulator]:
    """The vendors with what they held when they were last open."""
    store = Store(store_path)
    return [Linkedin(store, task_seconds=task_seconds, match_seconds=MATCH_SECONDS), Greenhouse(store)]


def serve(
    host: str,
    port: int,
    *,
    store_path: str | Path,
    task_seconds: float = TASK_SECONDS,
    on_ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve until interrupted; refuses an address that is not loopback. `on_ready` hears the address."""
    with PracticeServer(practice_vendors(store_path, task_seconds=task_seconds), host=host, port=port) as server:
        on_ready(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.closing.set()
