"""Walls that import-linter cannot see: who issues SQL, who commits, who publishes."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SQL_NAMES = {"select", "insert", "update", "delete", "text"}
# The platform's own machinery: messages, actors, migrations, health.
SQL_ROOMS = {
    "shared/outbox",
    "shared/db",
    "shared/models",
    "shared/migrations",
    "shared/security",
    "infra",
    "services/api/health",
}


def _sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def _imports(tree: ast.Module, package: str) -> set[str]:
    return {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == package
        for name in node.names
    }


def _calls(tree: ast.Module) -> set[str]:
    return {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_only_queries_issue_sql() -> None:
    wrong = [
        name
        for name, tree in _sources("services", "shared")
        if _imports(tree, "sqlalchemy") & SQL_NAMES
        and not name.endswith("queries.py")
        and not any(name.startswith(room) for room in SQL_ROOMS)
    ]
    assert wrong == [], "SQL belongs into queries.py of the slice"


def test_nobody_commits_by_hand() -> None:
    wrong = [name for name, tree in _sources("services", "shared") if "commit" in _calls(tree)]
    assert wrong == [], "only the edge commits: Database.writing() does it for a request, a task, a command"


def test_only_the_relay_publishes() -> None:
    publishing = {"send_task", "apply_async", "delay"}
    wrong = [name for name, tree in _sources("services", "shared", "infra") if _calls(tree) & publishing]
    assert wrong == ["shared/outbox/relay.py"]


def test_modules_are_named_after_their_noun() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "stuff"}
    assert [name for name, _ in _sources("services", "shared", "infra", "tests") if Path(name).stem in nothing] == []
