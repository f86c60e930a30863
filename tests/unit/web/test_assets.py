"""Static files: addresses that change with the content, and how long they are kept."""

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from services.api.web.assets import PREFIX, StaticFileMissingError, VersionedStatic, static_url, version


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[Mount(PREFIX, VersionedStatic())]))


@pytest.mark.parametrize("name", ["belay.css", "js/htmx.js", "js/belay.js", "img/hero.svg", "icons.svg"])
def test_a_file_of_this_version_is_kept_for_a_year(client: TestClient, name: str) -> None:
    response = client.get(static_url(name))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_asked_for_by_another_version_is_served_but_not_kept(client: TestClient) -> None:
    response = client.get(static_url("belay.css").replace(version(), "0123456789ab"))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


def test_nothing_outside_is_served(client: TestClient) -> None:
    assert client.get(f"{PREFIX}/{version()}/..%2f..%2frendering.py").status_code == 404


def test_a_missing_file_says_what_to_do() -> None:
    with pytest.raises(StaticFileMissingError, match="npm run build"):
        static_url("js/gone.js")


def test_the_first_load_stays_under_its_budget(client: TestClient) -> None:
    import gzip

    names = ["belay.css", "js/uswds.js", "js/htmx.js", "js/belay.js", "icons.svg", "img/hero.svg"]
    compressed = sum(len(gzip.compress(client.get(static_url(name)).content)) for name in names)
    assert compressed < 120_000
