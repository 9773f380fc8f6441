"""An address of the public web becomes what it holds, or a reason: the one place that connects to any."""

from qa_service.fetch.errors import BusyError, FetchError
from qa_service.fetch.feeds import listing
from qa_service.fetch.fetcher import Fetcher

__all__ = ["BusyError", "FetchError", "Fetcher", "listing"]
