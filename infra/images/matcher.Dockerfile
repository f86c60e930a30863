# The matcher's workers. torch comes first and by exact version; see docs/operations.md for the small CPU build.
# BASE_IMAGE: any Debian-like image with Python 3.11 or newer and its venv module.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS packages
ARG PIP_EXTRA_INDEX_URL=
RUN python3 -m venv /opt/belay
COPY requirements /requirements
RUN /opt/belay/bin/pip install --no-cache-dir -r /requirements/torch.txt \
    && /opt/belay/bin/pip install --no-cache-dir -r /requirements/matcher.txt

FROM ${BASE_IMAGE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin belay
COPY --from=packages /opt/belay /opt/belay
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/matcher services/matcher
COPY infra/images/healthcheck.py healthcheck.py
ENV PATH=/opt/belay/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    BELAY_ENVIRONMENT=production BELAY_LOG_JSON=true HF_HUB_OFFLINE=1 QUEUE=matcher NUMBA_CACHE_DIR=/tmp/belay
RUN install -d -o belay /var/cache/belay
USER 10001
# Compiled here for processors like the builder's; on another kind the first run compiles again. A container may be
# read-only but for /tmp, and the code must be kept where it can be written.
RUN NUMBA_CACHE_DIR=/var/cache/belay python -m services.matcher.warm
# Celery's soft shutdown: what is not done in time goes back to the queue.
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["python", "healthcheck.py", "worker", "matcher"]
CMD ["sh", "-c", "cp -R /var/cache/belay /tmp/belay && exec celery --quiet -A services.matcher.worker:app worker -Q ${QUEUE} -c 1 -n matcher@%h --loglevel INFO --without-gossip --without-mingle"]
