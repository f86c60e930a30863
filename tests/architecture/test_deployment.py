"""What runs on one machine and what runs from images is the same system, and nobody is told a foreign secret."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.local.programs import CONFIDANTS, Program, service_programs
from shared.contracts.messages import Queue

PROJECT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
PARTS = {program.name: program for program in service_programs(8000)}
OPERATIONS = (PROJECT / "docs/operations.md").read_text().replace("\\\n", " ")
COMMANDS = re.findall(r"^(?:\| `)?(docker-compose [^`\n]*)", OPERATIONS, re.MULTILINE)
SECRETS = sorted(set(CONFIDANTS) - {"BELAY_SMTP_URL"})


def consumed_queue(program: Program) -> str | None:
    words = program.command
    return words[words.index("-Q") + 1] if "-Q" in words else None


def withheld(value: str) -> bool:
    return value.startswith("withheld-")


def test_every_queue_has_exactly_one_consumer_on_one_machine() -> None:
    consumers = [consumed_queue(program) for program in PARTS.values()]
    assert sorted(queue for queue in consumers if queue) == sorted(Queue.ALL)


def test_every_queue_has_exactly_one_consumer_in_docker_compose() -> None:
    commands = {name: " ".join(COMPOSE[name].get("command", [])) for name in PARTS}
    consumed = [match[1] for text in commands.values() if (match := re.search(r"-Q ([\w.]+)", text))]
    chosen = [COMPOSE[name]["environment"]["QUEUE"] for name in PARTS if "QUEUE" in COMPOSE[name]["environment"]]
    notifier = (PROJECT / "infra/images/notifier.Dockerfile").read_text()
    by_image = re.findall(r"-Q (notifier)\b", notifier)
    assert sorted([*consumed, *chosen, *by_image]) == sorted(Queue.ALL)


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_container_knows_a_secret_only_if_the_program_may(name: str, secret: str) -> None:
    given = COMPOSE[name]["environment"].get(secret)
    knows = given is not None and not withheld(given)
    assert knows == (PARTS[name].service in CONFIDANTS[secret])


def worker_command(name: str) -> str:
    """As docker-compose.yml says it, or else the image."""
    image = COMPOSE[name]["image"].removeprefix("belay/")
    command = COMPOSE[name].get("command")
    return " ".join(command) if command else (PROJECT / f"infra/images/{image}.Dockerfile").read_text()


@pytest.mark.parametrize("name", [name for name, program in PARTS.items() if consumed_queue(program)])
def test_a_worker_says_as_much_as_on_one_machine_and_counts_what_its_children_do(name: str) -> None:
    text = worker_command(name)
    assert "--loglevel INFO" in text
    assert "celery --quiet" in text, "the banner is not JSON"
    assert "exec celery" in text


@pytest.mark.parametrize("name", [*PARTS, "migrate"])
def test_a_container_of_ours_writes_nowhere_but_to_tmp_and_has_no_privileges(name: str) -> None:
    part = COMPOSE[name]
    assert (part["read_only"], part["tmpfs"]) == (True, ["/tmp"])  # noqa: S108 — the container's own
    assert (part["cap_drop"], part["security_opt"]) == (["ALL"], ["no-new-privileges:true"])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_can_be_typed_as_it_stands(command: str) -> None:
    words = shlex.split(command)
    assert words[1:3] == ["--env-file", "production.env"]
    if words[3] in {"exec", "run"}:
        assert [word for word in words[4:] if word in COMPOSE]
    if words[3] == "exec":
        assert ("-T" in words) == ("<" in words or ">" in words), "a terminal in between spoils a dump"
    if "-m" in words:
        assert runs_as_a_program(words[words.index("-m") + 1])


def runs_as_a_program(module: str) -> bool:
    found = find_spec(module)
    assert found is not None
    if found.submodule_search_locations:
        return find_spec(f"{module}.__main__") is not None
    return '__name__ == "__main__"' in Path(found.origin or "").read_text()


def test_the_documents_name_commands_of_every_kind() -> None:
    assert {shlex.split(command)[3] for command in COMMANDS} == {"up", "stop", "run", "exec"}


def test_every_worker_is_stopped_softly() -> None:
    images = {name: (PROJECT / f"infra/images/{name}.Dockerfile").read_text() for name in ("matcher", "notifier")}
    assert [name for name, program in PARTS.items() if consumed_queue(program) and program.stop_signal != "QUIT"] == []
    assert [name for name, text in images.items() if "\nSTOPSIGNAL SIGQUIT\n" not in text] == []
    assert COMPOSE["api-inbox"]["stop_signal"] == "SIGQUIT"


def test_only_migrations_connect_as_the_owner_of_the_schema() -> None:
    owners = [name for name, part in COMPOSE.items() if "BELAY_OWNER_DATABASE_URL" in part.get("environment", {})]
    assert owners == ["migrate"]


def test_no_password_is_written_down() -> None:
    values = [str(value) for part in COMPOSE.values() for value in part.get("environment", {}).values()]
    urls = [value for value in values if "://" in value and "@" in value]
    assert urls
    assert [url for url in urls if "${" not in url.partition("@")[0]] == []


@pytest.mark.parametrize("name", ["api", "matcher", "notifier", "relay"])
def test_an_image_is_lean_watched_and_not_root(name: str) -> None:
    text = (PROJECT / f"infra/images/{name}.Dockerfile").read_text()
    last_stage = text.rpartition("\nFROM ")[2]
    foreign = {"api", "matcher", "notifier"} - {name}
    assert "\nUSER 10001\n" in last_stage
    assert "\nHEALTHCHECK " in last_stage
    assert "ARG BASE_IMAGE" in text
    assert [other for other in foreign if f"COPY services/{other}" in text] == []
