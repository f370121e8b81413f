# One image for all parts; docker-compose.yml chooses the command. The lock file fixes all versions and hashes.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /opt/lyceum

COPY requirements-runtime.lock ./
RUN pip install --require-hashes --no-deps --requirement requirements-runtime.lock

COPY pyproject.toml README.md LICENSE ./
COPY contracts ./contracts
COPY kernel ./kernel
COPY formats ./formats
COPY servers ./servers
COPY services ./services
COPY gateway ./gateway
COPY cli ./cli
RUN pip install --no-deps --no-build-isolation .

# New volumes at these folders belong to this user.
RUN useradd --system --uid 10001 --home-dir /var/lib/lyceum --create-home lyceum \
    && install -d -o lyceum -g lyceum -m 700 /var/lib/lyceum/data /var/lib/lyceum/keys
USER lyceum
WORKDIR /var/lib/lyceum

ENV LYCEUM_DATA=/var/lib/lyceum/data LYCEUM_KEYS=/var/lib/lyceum/keys
EXPOSE 8000
CMD ["lyceum", "--help"]
