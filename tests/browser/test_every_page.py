"""Every page that somebody can open, in every role, on a phone and on a desktop."""


import pytest
from axe_playwright_python.sync_playwright import Axe

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from tests.browser.conftest import Visitor
from tests.browser.person import DESKTOP, PHONE, Person
from tests.browser.world import World, build_world
from tests.pagecheck import check_page

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
PARTS = ("stranger", "registering", "mentee", "outsider", "mentor", "coordinator", "lead", "operator")
AXE = Axe()
EXPECTED = {"/nowhere": 404}


@pytest.fixture(scope="session")
def world(as_owner: Database) -> World:
    with as_owner.writing(SYSTEM) as session:
        return build_world(session)


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_accessible_valid_and_fits_a_phone(
    part: str, visitor: Visitor, world: World, as_owner: Database
) -> None:
    person = visitor()
    if part in world.cast.accounts:
        person.is_logged_in_as(world.cast.accounts[part].id, as_owner)
    for suffix, value in world.cookies.get(part, {}).items():
        person.keeps(suffix, value)
    problems = {path: found for path in world.pages[part] if (found := _problems_of(person, path))}
    assert not problems, "\n".join(f"{path}: {one}" for path, found in problems.items() for one in found)


def _problems_of(person: Person, path: str) -> list[str]:
    person.page.set_viewport_size({"width": DESKTOP, "height": 900})
    answer = person.goes_to(path)
    person.page.wait_for_load_state("load")
    problems = [] if answer.status == EXPECTED.get(path, 200) else [f"status {answer.status}"]
    problems += check_page(answer.text())
    for width in (DESKTOP, PHONE):
        person.page.set_viewport_size({"width": width, "height": 900})
        problems += [f"{width} px: {problem}" for problem in _seen_at(person, width)]
    return problems


def _seen_at(person: Person, width: int) -> list[str]:
    found = AXE.run(person.page, options=RULES).response["violations"]
    problems = [f"{rule['id']}: {[node['html'][:160] for node in rule['nodes'][:3]]}" for rule in found]
    needed = person.page.evaluate("document.documentElement.scrollWidth")
    return [*problems, f"scrolls sideways, {needed} px wide"] if needed > width else problems
