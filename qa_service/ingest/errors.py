"""What goes wrong while a file is read.

ValueError
├── UnreadableError   a file is no document: its owner can put that right
└── BadLineError      the same for one line of a .jsonl file
"""


class UnreadableError(ValueError):
    """Why a file is not a document, in words for its owner."""


class BadLineError(ValueError):
    """Why a line is not a document, in words for its owner."""
