# The command line in a container, without root:
#   docker build -t qac .
#   docker run --rm --read-only --tmpfs /tmp --env QLIK_TENANT_URL --env QLIK_API_KEY qac list
# Files are read from and written to /work: add --volume "$PWD:/work" --user "$(id -u)".

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY overlays overlays
COPY generated generated
RUN python -m venv /opt/qac && /opt/qac/bin/pip install --no-cache-dir '.[cli,mcp,otel,sandbox,speed]'

FROM python:3.13-slim
COPY --from=build /opt/qac /opt/qac
# What commands keep, such as the rate limits they share, goes where a read-only container may write.
ENV HOME=/tmp XDG_CONFIG_HOME=/tmp/.config XDG_STATE_HOME=/tmp/.state PYTHONDONTWRITEBYTECODE=1
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/opt/qac/bin/qac"]
CMD ["--help"]
