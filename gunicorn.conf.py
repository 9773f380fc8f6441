"""gunicorn as shipped: `qa-service serve` and the Procfile read this file.

PORT and WEB_CONCURRENCY are read by gunicorn itself, as platforms spell them.
"""

worker_class = "gthread"
workers = 2  # WEB_CONCURRENCY overrides
threads = 4
keepalive = 5  # seconds
timeout = 30  # seconds without a heartbeat; a question is answered in milliseconds
graceful_timeout = 30
limit_request_line = 8190  # bytes: a search of 2,000 characters, percent-encoded ASCII, fits
