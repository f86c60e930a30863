"""The foreground's eye on the programs: it says when one falls or comes back."""

import time

from rich.console import Console

from infra.local.supervision import Supervisor

INTERVAL_SECONDS = 1.0


def watch(console: Console, supervisor: Supervisor) -> None:
    """Until the supervisor is gone (`belay down` elsewhere) or the person presses Ctrl-C."""
    known = {one.name: one.state for one in supervisor.states()}
    while known:
        time.sleep(INTERVAL_SECONDS)
        now = {one.name: one.state for one in supervisor.states()}
        for name, state in now.items():
            if known.get(name) != state:
                color = "green" if state == "RUNNING" else "yellow"
                console.print(f"[{color}]●[/{color}] {name}: {state.lower()}", highlight=False)
        known = now
