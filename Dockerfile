# TalentSync in a container: one image for web, worker and beat. compose.yaml says what runs in it; docs/deploying.md, why.
FROM python:3.11-slim-bookworm AS packages

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv .venv
COPY requirements requirements
RUN .venv/bin/pip install --require-hashes -r requirements/ops.txt

FROM python:3.11-slim-bookworm

# What is written while it runs goes into a volume; nothing else can be written to.
RUN useradd --system --uid 10001 --no-create-home talentsync \
    && install -d -o talentsync -g talentsync -m 0700 /var/lib/talentsync
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY manage.py .env.example ./
COPY connectors connectors
COPY talentsync talentsync
COPY templates templates
RUN python -m compileall -q connectors talentsync
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 VAR_DIR=/var/lib/talentsync
USER 10001
VOLUME /var/lib/talentsync
EXPOSE 8000
CMD ["gunicorn", "-c", "python:talentsync.web", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
