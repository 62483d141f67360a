# Pages and API for a machine of your own: docs/deployment.md. Whatever is copied here is named in .dockerignore too.

FROM python:3.13.9-slim-trixie AS packages
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: -r /tmp/requirements.txt

FROM python:3.13.9-slim-trixie
ENV PATH=/opt/venv/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 plumbline \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin plumbline \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
WORKDIR /srv/plumbline
COPY --from=packages /opt/venv /opt/venv
COPY .streamlit/config.toml .streamlit/config.toml
COPY app app
COPY core core
COPY pages pages
USER 10001:10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/api/health', timeout=4)"]
CMD ["python", "-m", "app", "serve", "--workspace", "/data", "--host", "0.0.0.0", "--port", "8501"]
