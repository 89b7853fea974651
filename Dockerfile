# syntax=docker/dockerfile:1
# The same locks as `make setup`. Nothing is fetched when the product runs.

FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM python:3.12-slim-bookworm AS python
WORKDIR /srv/gridward
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY tools/lock/ tools/lock/
RUN python -m venv /srv/venv \
 && /srv/venv/bin/pip install --require-hashes -r tools/lock/build.txt \
 && /srv/venv/bin/uv pip install --python /srv/venv/bin/python --require-hashes -r tools/lock/run.txt
COPY pyproject.toml README.md ./
COPY gis/ gis/
COPY dispatch/ dispatch/
COPY api/ api/
RUN /srv/venv/bin/uv pip install --python /srv/venv/bin/python --no-deps --no-build-isolation --editable .

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/gridward gridward \
 && install -d -o gridward -g gridward /var/lib/gridward/data
WORKDIR /srv/gridward
COPY --from=python /srv/venv /srv/venv
COPY --from=python /srv/gridward /srv/gridward
COPY data/ data/
COPY alembic.ini ./
COPY --from=web /src/web/dist web/dist
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/var/lib/gridward/compiled \
    GRIDWARD_FOLDER=/var/lib/gridward/data \
    GRIDWARD_HOST=0.0.0.0 \
    GRIDWARD_PORT=8000
USER gridward
RUN python -m dispatch.solver.warm
VOLUME /var/lib/gridward/data
EXPOSE 8000
CMD ["gridward", "serve"]
