# Imagify in one image: `run` opens the house, `work` is a worker (docs/operate.md, As a container).
ARG BASE=python:3.13-slim

# What the lock names goes into a venv, and our own code stands beside it as it is: nothing of ours is built.
FROM ${BASE} AS build
WORKDIR /opt/imagify
COPY requirements.lock ./
RUN python3 -m venv --without-pip /opt/venv \
    && python3 -m pip --python /opt/venv/bin/python install --quiet --no-cache-dir --no-deps --only-binary :all: \
        --require-hashes --requirement requirements.lock
COPY bot bot
COPY core core
COPY infra infra
COPY payments payments
# -P: what lies in the folder that it is started from is none of its modules.
RUN echo /opt/imagify > "$(/opt/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/imagify.pth" \
    && printf '#!/bin/sh\nexec /opt/venv/bin/python -P -m bot "$@"\n' > /opt/venv/bin/imagify \
    && chmod 0755 /opt/venv/bin/imagify \
    && /opt/venv/bin/python -m compileall -q /opt/imagify \
    && mkdir -m 0700 /opt/home

FROM ${BASE}
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/imagify /opt/imagify
# The home's owner is the image's, so that a fresh volume has it too; nothing is run in this stage.
COPY --from=build --chown=10001:10001 /opt/home /home/imagify
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    IMAGIFY_BIND=0.0.0.0 \
    IMAGIFY_PORT=8421 \
    IMAGIFY_HOME=/home/imagify
USER 10001:10001
VOLUME /home/imagify
EXPOSE 8421
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["/opt/venv/bin/python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['IMAGIFY_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["imagify"]
CMD ["run"]
