import socket
from pathlib import Path

import pytest

from infra.local.layout import Layout
from infra.local.ports import LOOPBACK
from infra.local.surroundings import (
    Surroundings,
    keep,
    load_surroundings,
    move_off_taken_ports,
    with_kept,
)


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    for name in ("BELAY_OWNER_DATABASE_URL", "BELAY_REDIS_URL", "BELAY_PUBLIC_URL", "BELAY_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    return Layout(tmp_path, tmp_path / "var")


@pytest.fixture
def surroundings(layout: Layout) -> Surroundings:
    return load_surroundings(layout)


def test_secrets_are_made_once_and_kept(layout: Layout, surroundings: Surroundings) -> None:
    keep(surroundings)
    assert load_surroundings(layout).settings() == surroundings.settings()


def test_two_checkouts_have_different_secrets(tmp_path: Path, surroundings: Surroundings) -> None:
    other = load_surroundings(Layout(tmp_path, tmp_path / "other"))
    same = {name for name, value in surroundings.kept.items() if other.kept[name] == value}
    assert same == {"LOCAL_API_PORT", "LOCAL_POSTGRES_PORT", "LOCAL_REDIS_PORT", "LOCAL_DEMO"}


def test_what_the_person_sets_wins(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELAY_PUBLIC_URL", "http://mentoring.example.org")
    assert load_surroundings(layout).settings()["BELAY_PUBLIC_URL"] == "http://mentoring.example.org"


def test_the_environment_wins_over_the_settings_file(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    (layout.project / ".env").write_text("BELAY_PUBLIC_URL=http://file.example.org\nBELAY_MAIL_FROM=a@example.org\n")
    monkeypatch.setenv("BELAY_PUBLIC_URL", "http://environment.example.org")
    settings = load_surroundings(layout).settings()
    assert settings["BELAY_PUBLIC_URL"] == "http://environment.example.org"
    assert settings["BELAY_MAIL_FROM"] == "a@example.org"


def test_services_follow_the_owner_to_a_database_of_ones_own(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+psycopg://owner:secret@db.example.org:6432/mentoring?sslmode=require"
    monkeypatch.setenv("BELAY_OWNER_DATABASE_URL", url)
    surroundings = load_surroundings(layout)
    password = surroundings.kept["LOCAL_MATCHER_PASSWORD"]
    expected = f"postgresql+psycopg://belay_matcher:{password}@db.example.org:6432/mentoring?sslmode=require"
    assert surroundings.own_database
    assert surroundings.settings()["BELAY_MATCHER_DATABASE_URL"] == expected


def test_a_taken_port_is_left_and_the_move_is_said(surroundings: Surroundings) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        held = str(server.getsockname()[1])
        moved, sentences = move_off_taken_ports(with_kept(surroundings, LOCAL_API_PORT=held))
    assert moved.kept["LOCAL_API_PORT"] != held
    assert any(held in sentence and moved.kept["LOCAL_API_PORT"] in sentence for sentence in sentences)
