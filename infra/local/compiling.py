"""The matching engine compiles on a new machine; that is done beside the start, so that no match run waits for it.

`python -m infra.local.compiling STAMP` compiles and then leaves the stamp.
"""

import hashlib
import importlib
import os
import subprocess
import sys
from pathlib import Path

from infra.local.layout import Layout
from infra.local.supervision import MARK

ENGINE = "services.matcher.warm"


def compile_ahead(layout: Layout) -> subprocess.Popen[bytes] | None:
    """Begin to compile in the background; None where the engine is as it was when it was last compiled here."""
    fingerprint = fingerprint_of(layout.project)
    stamp = layout.var / "compiled"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return None
    layout.logs.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "infra.local.compiling", str(stamp), fingerprint]
    with layout.log_of("compiling").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, cwd=layout.project, env={**os.environ, MARK: str(layout.var)},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def fingerprint_of(project: Path) -> str:
    """Of the interpreter and of everything that the matcher's kernels are compiled from."""
    digest = hashlib.sha256(f"{sys.version} {sys.prefix}".encode())
    for path in sorted((project / "services" / "matcher").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main(stamp: Path, fingerprint: str) -> None:
    os.nice(19)  # the start and the first run go first
    importlib.import_module(ENGINE).main()
    stamp.write_text(fingerprint)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
