"""Every mail in a real Chromium: accessible in light and dark, and never wider than a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from services.notifier.messages import Template
from services.notifier.rendering import render
from tests.unit.notifier.samples import sample

pytestmark = pytest.mark.browser

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(params=["light", "dark"])
def reader(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A phone in light or dark mode."""
    context = chromium.new_context(viewport={"width": 320, "height": 700}, color_scheme=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("template", list(Template))
def test_a_mail_can_be_read_by_everybody(reader: Page, template: Template) -> None:
    reader.set_content(render(template, "en", sample(template)).html)
    found = Axe().run(reader, options=RULES).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert reader.evaluate("document.documentElement.scrollWidth") <= 320
