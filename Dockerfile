# Two stages: one that builds as a newcomer does (`make setup`), one that only runs.
FROM python:3.13-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN make setup && rm -rf node_modules

FROM python:3.13-slim
# Fonts for names in every script.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data heyet && install -d -o heyet -m 700 /data /data/files
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH HEYET_HOST=0.0.0.0 HEYET_VAR=/data HEYET_LOG_FORMAT=json
USER heyet
VOLUME /data
EXPOSE 8000
CMD ["heyet", "serve"]
