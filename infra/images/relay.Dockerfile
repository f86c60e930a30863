# The relay, and the migrations: `docker run … python -m shared.migrations`.
# BASE_IMAGE: any Debian-like image with Python 3.11 or newer and its venv module.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS packages
ARG PIP_EXTRA_INDEX_URL=
RUN python3 -m venv /opt/belay
COPY requirements /requirements
RUN /opt/belay/bin/pip install --no-cache-dir -r /requirements/base.txt

FROM ${BASE_IMAGE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin belay
COPY --from=packages /opt/belay /opt/belay
WORKDIR /app
COPY shared shared
COPY infra/images/healthcheck.py healthcheck.py
ENV PATH=/opt/belay/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    BELAY_ENVIRONMENT=production BELAY_LOG_JSON=true BELAY_METRICS_PORT=9100
USER 10001
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["python", "healthcheck.py", "http", "9100/metrics"]
CMD ["python", "-m", "shared.outbox.relay"]
