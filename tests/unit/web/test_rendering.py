"""Templates become pages: checked, translated, escaped, and one block at a time."""

import pytest
from jinja2 import UndefinedError
from starlette.requests import Request

from services.api.web.rendering import Flash, PageContext, environment, render, render_html, wants_fragment
from services.api.web.styleguide import LEAD, sample_context, sample_page
from tests.pagecheck import check_page


def ask(page: PageContext | None = None, **headers: str) -> Request:
    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "method": "GET", "path": "/here", "headers": raw, "state": {}})
    if page is not None:
        request.state.page = page
    return request


def test_every_component_passes_the_page_check() -> None:
    assert check_page(render_html(sample_page(), "web/styleguide.html", sample_context())) == []


@pytest.mark.parametrize("locale", ["en", "es", "fr"])
def test_the_frame_passes_the_page_check_in_every_language(locale: str) -> None:
    html = render_html(PageContext(locale=locale, demo=True), "web/styleguide_hero.html", {})
    assert check_page(html) == []
    assert f'<html lang="{locale}">' in html


def test_every_template_can_be_parsed() -> None:
    names = environment().list_templates(extensions=["html"])
    assert "layout.html" in names
    for name in names:
        assert environment().get_template(name).root_render_func is not None


def test_a_page_without_a_middleware_still_renders() -> None:
    response = render(ask(), "web/styleguide_hero.html")
    assert response.status_code == 200
    assert "synthetic" not in bytes(response.body).decode()


def test_the_demo_is_marked_on_the_page() -> None:
    assert "synthetic" in render_html(PageContext(demo=True), "web/styleguide_hero.html", {})


def test_what_people_type_is_escaped() -> None:
    page = PageContext(flash=[Flash("<b>Ada</b>")])
    html = render_html(page, "web/styleguide_hero.html", {})
    assert "&lt;b&gt;Ada&lt;/b&gt;" in html


def test_a_name_the_context_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="figures"):
        render_html(sample_page(), "web/styleguide.html", {})


def test_one_block_answers_htmx() -> None:
    request = ask(HX_Request_Type="partial")
    assert wants_fragment(request)
    response = render(request, "web/styleguide_hero.html", block="title")
    assert bytes(response.body).decode() == "Mentors for everyone who climbs"
    assert not wants_fragment(ask())


def test_the_header_offers_what_the_roles_allow() -> None:
    stranger = render_html(PageContext(), "web/styleguide_hero.html", {})
    lead = render_html(PageContext(actor=LEAD, csrf_token="t"), "web/styleguide_hero.html", {})
    assert 'href="/login"' in stranger
    assert 'href="/login"' not in lead
    assert LEAD.display_name in lead
    assert 'action="/logout"' in lead


def test_the_header_marks_one_place_as_the_current_one() -> None:
    page = PageContext(actor=LEAD, csrf_token="t", path="/mentor/bandwidth/7")
    html = render_html(page, "web/styleguide_hero.html", {})
    assert html.count("aria-current") == 1
    assert 'href="/mentor/bandwidth" aria-current="page"' in html


FIELD = '{% from "components/field.html" import text_field, select_field, checkbox_group %}'


def field(source: str) -> str:
    return environment().from_string(FIELD + source).render()


def test_a_field_keeps_its_value_and_tells_its_error() -> None:
    html = field("{{ text_field('email', 'E-mail', '\"a@\" <b>', hint='Work or private', error='No @.') }}")
    assert 'value="&#34;a@&#34; &lt;b&gt;"' in html
    assert 'aria-describedby="field-email-hint field-email-error"' in html
    assert 'aria-invalid="true"' in html
    assert "No @." in html


def test_a_select_keeps_its_choice_also_inside_a_group() -> None:
    html = field("{{ select_field('stage', 'Stage', [('Student', [('m1', 'M1'), ('m2', 'M2')])], 'm2') }}")
    assert '<option value="m2" selected>M2</option>' in html
    assert html.count("selected") == 1


def test_checkboxes_keep_what_was_checked() -> None:
    html = field("{{ checkbox_group('s', 'S', [(1, 'One'), (2, 'Two')], [2]) }}")
    assert html.count("checked") == 1
    assert 'value="2" checked' in html
