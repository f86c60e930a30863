"""Where a checkout keeps what it makes while it runs; everything under `var/` may be deleted."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Layout:
    project: Path
    var: Path

    @property
    def kept(self) -> Path:
        """Ports and secrets of this checkout, readable by its owner alone."""
        return self.var / "local.env"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def supervisor_config(self) -> Path:
        return self.var / "supervisord.conf"

    @property
    def supervisor_socket(self) -> Path:
        """Outside the checkout: the path of a Unix socket may have no more than some hundred characters."""
        name = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"belay-{os.getuid()}-{name}" / "supervisor.sock"

    def log_of(self, program: str) -> Path:
        return self.logs / f"{program}.log"


def current_layout() -> Layout:
    """This checkout's; BELAY_LOCAL_DIRECTORY moves its `var/` elsewhere."""
    var = os.environ.get("BELAY_LOCAL_DIRECTORY")
    return Layout(PROJECT, Path(var).resolve() if var else PROJECT / "var")
