from infra.local.programs import (
    CONFIDANTS,
    DATA,
    METRICS_PORT,
    SERVICES,
    Program,
    service_programs,
    settings_of,
)

SETTINGS = {**dict.fromkeys(CONFIDANTS, "secret"), "BELAY_PUBLIC_URL": "http://127.0.0.1:8000"}


def seen_by(name: str) -> set[str]:
    program = next(one for one in service_programs(8000) if one.name == name)
    return set(settings_of(program, SETTINGS))


def test_nobody_but_the_migrations_learns_the_owners_password() -> None:
    assert all("BELAY_OWNER_DATABASE_URL" not in seen_by(one.name) for one in service_programs(8000))


def test_the_matcher_learns_no_key_and_no_other_database() -> None:
    assert seen_by("matcher") == {"BELAY_MATCHER_DATABASE_URL", "BELAY_PUBLIC_URL"}
    assert seen_by("matcher-runs") == seen_by("matcher")


def test_only_the_api_opens_dimension_answers() -> None:
    holders = {one.name for one in service_programs(8000) if "BELAY_DIMENSION_KEYS" in seen_by(one.name)}
    assert holders == {"api", "api-inbox"}


def test_data_servers_see_no_setting_at_all() -> None:
    assert settings_of(Program("redis", ["valkey"], DATA), SETTINGS) == {}


def test_every_service_runs_in_the_group_that_stops_first() -> None:
    assert {one.group for one in service_programs(8000)} == {SERVICES}


def test_metrics_of_six_programs_on_one_machine_have_six_ports() -> None:
    settings = {**SETTINGS, METRICS_PORT: "9100"}
    ports = [settings_of(one, settings)[METRICS_PORT] for one in service_programs(8000)]
    assert ports == ["9100", "9101", "9102", "9103", "9104", "9105"]
