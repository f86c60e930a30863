"""The style guide in a real Chromium: accessible, painted by mouse and keyboard, whole without JavaScript."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from services.api.web.styleguide import create_app

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}}
PAGES = ("/styleguide", "/styleguide/hero")


@pytest.fixture(scope="module")
def guide() -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(create_app(), host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A desktop page on which any message of the console fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_overflows(page: Page, guide: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(guide + path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def box(page: Page, day: int, hour: int) -> str:
    return f'input[name=availability][value="{day}-{hour}"]'


def test_the_week_is_painted_with_the_mouse(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    count = page.locator("[data-week-count]")
    expect(count).to_have_text("6 hours a week")
    page.hover(box(page, 2, 8))
    page.mouse.down()
    for hour in range(9, 12):
        page.hover(box(page, 2, hour))
    page.mouse.up()
    for hour in range(8, 12):
        expect(page.locator(box(page, 2, hour))).to_be_checked()
    expect(count).to_have_text("10 hours a week")
    page.click(box(page, 2, 8))
    expect(page.locator(box(page, 2, 8))).not_to_be_checked()


def test_the_week_is_painted_with_the_keyboard(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    page.focus(box(page, 3, 10))
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    for day, hour in ((3, 10), (3, 11), (4, 11)):
        expect(page.locator(box(page, day, hour))).to_be_checked()
    expect(page.locator(box(page, 4, 11))).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save the week")).to_be_focused()


def test_the_week_is_filled_by_a_preset_and_cleared(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    page.get_by_role("button", name="Clear all").click()
    page.get_by_role("button", name="Weekend mornings").click()
    expect(page.locator("[data-week-count]")).to_have_text("6 hours a week")


def test_a_box_says_its_day_and_hour(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    expect(page.locator(box(page, 0, 18))).to_have_accessible_name("Monday 6 PM")


def test_the_importance_slider_says_its_word(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    slider = page.get_by_role("slider", name="How much it matters")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".b-importance__word")).to_have_text("Very important")
    expect(slider).to_have_attribute("aria-valuetext", "Very important")


def test_a_drawer_opens_and_closes_by_keyboard(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    link = page.get_by_role("link", name="Why this pair")
    link.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Why Amara and Dr. Adeyemi")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(link).to_be_focused()


def test_an_institution_is_found_by_typing(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    field = page.get_by_role("combobox", name="Institution")
    field.fill("more")
    page.get_by_role("option", name="Morehouse School of Medicine").click()
    expect(page.locator("select[name=institution]")).to_have_value("3")


def test_reading_starts_at_the_summary_of_errors(page: Page, guide: str) -> None:
    page.goto(guide + "/styleguide")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Choose how you would like to meet.").click()
    assert page.url.endswith("#field-mode")


def test_without_javascript_every_control_is_there(chromium: Browser, guide: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(guide + "/styleguide")
    expect(page.locator("select[name=institution]")).to_be_visible()
    expect(page.locator(box(page, 0, 18))).to_be_checked()
    expect(page.get_by_role("button", name="Weekday evenings")).to_be_hidden()
    expect(page.get_by_text("Drag over the grid to paint.")).to_be_hidden()
    context.close()


def test_a_very_long_name_widens_no_page_on_a_phone(page: Page, guide: str) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(guide + "/styleguide")
    for place in (".b-nav__person a > span:last-child", ".b-page-head h1"):
        page.locator(place).first.evaluate("it => { it.textContent = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(2) }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
