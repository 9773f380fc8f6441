"""Cited, reproducible answers over policy commentary, without a language model."""

import os

# Before these libraries are imported, unless whoever runs the service says otherwise. OpenBLAS would start
# threads for linear algebra that nobody does here; pydantic would read what every installed package declares.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
