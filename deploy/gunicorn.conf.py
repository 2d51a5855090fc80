"""How the web process is run: threads, because requests wait for database, search and store more than they compute."""

import os

bind = "0.0.0.0:8000"  # within the container's network; only the proxy reaches it
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
keepalive = 75
max_requests = 10_000
max_requests_jitter = 1_000
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn's advice: the heartbeat file must not wait for a disk
limit_request_line = 0  # the proxy limits it, and core.middleware answers a long address with a sentence
