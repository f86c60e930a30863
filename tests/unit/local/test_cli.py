import subprocess
import sys

from typer.testing import CliRunner

from infra.local.cli import app
from infra.local.commands import MOUNTED


def test_help_shows_every_command_of_every_service() -> None:
    shown = CliRunner().invoke(app, ["--help"], terminal_width=200).output
    assert [name for name in MOUNTED if f" {name} " not in shown] == []


def test_help_does_not_load_the_engine() -> None:
    code = "import sys, infra.local.cli; print(sorted({'torch', 'ortools', 'scipy', 'fastapi'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_new_key_wants_an_id_that_the_setting_can_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.local", "new-key", "bad id:,"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "use letters, digits" in done.stderr
    assert "Traceback" not in done.stderr
