"""gunicorn behind nginx: threads, so that a slow database call doesn't hold up the others."""

bind = "127.0.0.1:8001"
worker_class = "gthread"
workers = 2  # one for each core
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
accesslog = None  # nginx keeps it
forwarded_allow_ips = "127.0.0.1"
