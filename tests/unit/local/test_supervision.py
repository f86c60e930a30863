from configparser import RawConfigParser
from pathlib import Path

import pytest

from infra.local.layout import Layout
from infra.local.programs import DATA, SERVICES, Program
from infra.local.supervision import SupervisionError, render_configuration


def parse(layout: Layout, programs: list[Program], settings: dict[str, str]) -> RawConfigParser:
    parser = RawConfigParser(inline_comment_prefixes=(";", "#"))
    parser.read_string(render_configuration(layout, programs, settings))
    return parser


def test_paths_with_spaces_and_percent_signs_survive(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "my 50% share", tmp_path / "my 50% share" / "var")
    parser = parse(layout, [Program("relay", ["/a b/python", "-m", "relay"])], {})
    assert parser["program:relay"]["command"] == "'/a b/python' -m relay"
    assert parser["program:relay"]["directory"].endswith("my 50%% share")


def test_services_stop_before_the_data_servers(tmp_path: Path) -> None:
    programs = [Program("postgres", ["postgres"], DATA), Program("api", ["api"], SERVICES)]
    parser = parse(Layout(tmp_path, tmp_path / "var"), programs, {})
    # The supervisor stops groups from the highest priority to the lowest.
    assert int(parser["group:services"]["priority"]) > int(parser["group:data"]["priority"])


def test_a_setting_with_quotes_reaches_the_program_whole(tmp_path: Path) -> None:
    settings = {"BELAY_MAIL_FROM": 'Belay "the rope" <a@example.org>'}
    parser = parse(Layout(tmp_path, tmp_path / "var"), [Program("api", ["api"])], settings)
    assert """BELAY_MAIL_FROM='Belay "the rope" <a@example.org>'""" in parser["program:api"]["environment"]


def test_a_path_that_the_supervisor_would_cut_is_refused(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "plan #2", tmp_path / "plan #2" / "var")
    with pytest.raises(SupervisionError, match="plan #2"):
        render_configuration(layout, [Program("api", ["api"])], {})
