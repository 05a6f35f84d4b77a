# One image for web, worker and beat. No secret is in it: every one comes from the environment.
FROM python:3.13-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
RUN useradd --system --uid 10001 --home-dir /srv/mats --shell /usr/sbin/nologin mats
# Docker gives a new volume the owner of the folder that it is mounted on.
RUN install -d -o mats -g nogroup -m 700 /ledger
WORKDIR /srv/mats

COPY requirements/app.lock requirements/app.lock
RUN pip install --require-hashes --only-binary :all: --no-deps -r requirements/app.lock

COPY manage.py ./
COPY mats mats
COPY cohorts cohorts
COPY mentorship mentorship
COPY coaching coaching
COPY templates templates
COPY static static

# Settings want addresses and keys even to gather files; these reach nothing and are kept nowhere.
RUN MATS_ENV=production SECRET_KEY=gathering-files-only PUBLIC_ORIGIN=https://build.invalid \
    DATABASE_URL=postgresql://nobody@nowhere/none REDIS_URL=redis://nowhere EMAIL_URL=consolemail:// \
    ERASURE_LEDGER=/tmp/none NOTE_KEYS=none:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    python manage.py collectstatic --noinput

USER mats
EXPOSE 8000
CMD ["gunicorn", "mats.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-class", "gthread", "--access-logfile", "-"]
