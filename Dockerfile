# Two stages: packages and static files are made in the first, the second holds only what runs, as an ordinary user.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/portal
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements/run.txt
COPY . .
# Neither command needs a server; the local settings make a key of their own that stays in this stage.
RUN PORTAL_DATA_DIR=/tmp/build /opt/venv/bin/python manage.py messages compile \
 && PORTAL_DATA_DIR=/tmp/build /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && mkdir -p /srv/data && mv /tmp/build/static /srv/data/static \
 && /opt/venv/bin/python -m compileall -q /srv/portal

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production PORTAL_DATA_DIR=/srv/data HOST=0.0.0.0 PORT=8000
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home --home-dir /srv/data portal
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
COPY --from=build --chown=portal:portal /srv/data /srv/data
RUN mkdir -p /srv/data/media && chown portal:portal /srv/data/media
WORKDIR /srv/portal
USER portal
EXPOSE 8000
CMD ["python", "-m", "config.serve", "web"]
