"""What goes wrong while an address is fetched.

ValueError
└── FetchError      whoever named the address is told why
    └── BusyError   the same, and its host wants to be left alone for a while
"""


class FetchError(ValueError):
    """Why nothing was fetched, in words for whoever named the address; they do not repeat it."""


class BusyError(FetchError):
    """The host is asked too often, or has too much to do."""
