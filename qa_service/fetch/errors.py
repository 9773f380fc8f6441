"""What goes wrong while an address is fetched."""


class FetchError(ValueError):
    """Why nothing was fetched, in words for whoever named the address; they do not repeat it."""
