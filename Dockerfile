# Sổ Việc as a container: `docker compose up --build` (compose.yaml) is the usual way to start it.

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.lock /tmp/requirements.lock
RUN /venv/bin/pip install --quiet --no-input --require-hashes --only-binary :all: --requirement /tmp/requirements.lock


FROM python:3.11-slim-bookworm
# What prints papers: see .ci/system-packages.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
# The folder belongs to the user before it becomes a volume: a new volume takes its owner from here.
RUN groupadd --system --gid 10001 soviec \
    && useradd --system --uid 10001 --gid soviec --home-dir /data --shell /usr/sbin/nologin soviec \
    && install --directory --owner soviec --group soviec --mode 750 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY server ./server
COPY sync ./sync
COPY ml ./ml
COPY templates ./templates
COPY static ./static
RUN /venv/bin/python -m compileall -q server sync ml

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SOVIEC_DATA_DIR=/data \
    SOVIEC_HOST=0.0.0.0 \
    SOVIEC_PORT=8000
USER soviec
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['SOVIEC_PORT']}/healthz\", timeout=4)"]
CMD ["python", "-m", "server", "run"]
