# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/uv
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/tilth
# What is installed beyond the core, by the names of pyproject.toml: docker build --build-arg EXTRAS="postgres" .
ARG EXTRAS="postgres handouts badges"
WORKDIR /src
# Dependencies first: they change less often than our own code, so this layer is kept.
COPY pyproject.toml uv.lock ./
RUN for one in $EXTRAS; do set -- "$@" --extra "$one"; done; \
    uv sync --locked --no-dev --no-install-project "$@"
COPY README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY prompts prompts
RUN for one in $EXTRAS; do set -- "$@" --extra "$one"; done; \
    uv sync --locked --no-dev --no-editable "$@"

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --create-home --home-dir /var/lib/tilth tilth
COPY --from=build /opt/tilth /opt/tilth
ENV PATH=/opt/tilth/bin:$PATH PYTHONUNBUFFERED=1 \
    TILTH_STORE__URL=sqlite:////var/lib/tilth/tilth.db TILTH_STORE__FOLDER=/var/lib/tilth \
    TILTH_WEB__HOST=0.0.0.0
WORKDIR /var/lib/tilth
USER 10001
VOLUME /var/lib/tilth
EXPOSE 8420
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["tilth", "health"]
ENTRYPOINT ["tilth"]
CMD ["run"]
