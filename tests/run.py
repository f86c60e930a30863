"""Every check in order, each to its end, and one line with the total: `python -m tests.run [stage …]`."""

import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path("var/test-results")
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Stage:
    """A command. `counted` says that it is pytest, which tells how many tests it ran."""

    name: str
    command: tuple[str, ...]
    counted: bool = True

    @property
    def report(self) -> Path:
        return RESULTS / f"{self.name}.xml"


@dataclass(frozen=True)
class Outcome:
    passed: int
    failed: int
    skipped: int = 0


def _pytest(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", *words)


STAGES = (
    Stage("lint", (str(BIN / "ruff"), "check", "."), counted=False),
    Stage("types", (str(BIN / "mypy"),), counted=False),
    Stage("walls", (str(BIN / "lint-imports"),), counted=False),
    Stage("unit", _pytest("-n", "2", "tests/unit")),
    Stage("integration", _pytest("-n", "2", "tests/integration", "tests/contract", "tests/architecture")),
    Stage("browser", _pytest("tests/browser")),
    Stage("faults", _pytest("tests/faults")),
)


def run_stage(stage: Stage) -> Outcome:
    """A check that is not counted is one failure or nothing."""
    say(f"── {stage.name}")
    begun = time.monotonic()
    report = (f"--junitxml={stage.report}",) if stage.counted else ()
    stage.report.unlink(missing_ok=True)
    code = subprocess.run([*stage.command, *report], check=False).returncode
    say(f"── {stage.name}: {'done' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s\n")
    counts = read_report(stage.report)
    return Outcome(counts.passed, max(counts.failed, int(code != 0)), counts.skipped)


def read_report(path: Path) -> Outcome:
    if not path.exists():
        return Outcome(0, 0)
    suites = list(ET.parse(path).getroot().iter("testsuite"))  # noqa: S314 — pytest wrote it just now
    total, bad, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites for name in names)
        for names in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return Outcome(total - bad - skipped, bad, skipped)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(names: Iterable[str]) -> int:
    RESULTS.mkdir(parents=True, exist_ok=True)
    wanted = set(names) or {stage.name for stage in STAGES}
    outcomes = {stage.name: run_stage(stage) for stage in STAGES if stage.name in wanted}
    failed = sum(outcome.failed for outcome in outcomes.values())
    skipped = sum(outcome.skipped for outcome in outcomes.values())
    for name, outcome in outcomes.items():
        if outcome.failed or outcome.skipped:
            say(f"{name}: {outcome.failed} failed, {outcome.skipped} skipped")
    say(f"{sum(outcome.passed for outcome in outcomes.values())} passed, {failed + skipped} failed")
    return int(failed + skipped > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
