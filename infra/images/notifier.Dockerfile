# The notifier's worker.
# BASE_IMAGE: any Debian-like image with Python 3.11 or newer and its venv module.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS packages
ARG PIP_EXTRA_INDEX_URL=
RUN python3 -m venv /opt/belay
COPY requirements /requirements
RUN /opt/belay/bin/pip install --no-cache-dir -r /requirements/notifier.txt

FROM ${BASE_IMAGE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin belay
COPY --from=packages /opt/belay /opt/belay
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/notifier services/notifier
COPY infra/images/healthcheck.py healthcheck.py
ENV PATH=/opt/belay/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    BELAY_ENVIRONMENT=production BELAY_LOG_JSON=true
USER 10001
# Celery's soft shutdown: what is not done in time goes back to the queue.
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["python", "healthcheck.py", "worker", "notifier"]
CMD ["sh", "-c", "exec celery --quiet -A services.notifier.worker:app worker -Q notifier -c 2 -n notifier@%h --loglevel INFO --without-gossip --without-mingle"]
