"""What a stranger can send without any account: it ends in a plain refusal, and fills neither logs nor metrics."""

import logging

import pytest
from prometheus_client import REGISTRY

from services.api.health.routes import MOST_REPORTS
from tests.factories.browser import Browser


def test_a_post_to_a_file_is_refused_like_any_other(api_client: Browser) -> None:
    assert api_client.post("/static/belay.css").status_code == 403
    assert api_client.submit("/static/belay.css").status_code == 405


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=x"])
def test_a_body_that_is_no_form_is_refused(api_client: Browser, boundary: str) -> None:
    headers = {"Content-Type": f"multipart/form-data{boundary}"}
    assert api_client.post("/login", content=b"--y\r\nnothing", headers=headers).status_code == 403
    headers["X-CSRF-Token"] = api_client.csrf_token
    assert api_client.post("/login", content=b"--y\r\nnothing", headers=headers).status_code == 400


def test_invented_methods_make_no_series_of_their_own(api_client: Browser) -> None:
    for number in range(3):
        api_client.request(f"INVENTED{number}", "/login")
    methods = {
        sample.labels["method"]
        for metric in REGISTRY.collect()
        if metric.name == "belay_request_seconds"
        for sample in metric.samples
    }
    assert not {method for method in methods if method.startswith("INVENTED")}


def test_a_report_of_the_content_policy_tells_no_token(
    api_client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    site = "https://belay.example.org"
    page, link = f"{site}/login/link/s3cr3t", f"{site}/answer/proposal/1?token=s3cr3t"
    for document in (page, link):
        reported = {"document-uri": document, "blocked-uri": link, "violated-directive": "img-src"}
        api_client.post("/csp-reports", json={"csp-report": reported})
        api_client.post("/csp-reports", json=[{"body": {"documentURL": document, "blockedURL": "inline"}}])
    assert caplog.text.count("content policy violated") == 4
    assert "s3cr3t" not in caplog.text


def test_one_body_of_many_reports_fills_no_log(api_client: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    api_client.post("/csp-reports", json=[{"body": {"blockedURL": "inline"}}] * 500)
    assert caplog.text.count("content policy violated") == MOST_REPORTS
