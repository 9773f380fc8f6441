"""What a parser may use of the machine: one value, read by every format."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond these a file is rejected. ``file_bytes`` holds for each line of a .jsonl file."""

    file_bytes: int = 25 * MEBIBYTE
    text_characters: int = 20_000_000
    pages: int = 5_000
    parser_seconds: float = 60  # wall clock
    parser_cpu_seconds: int = 30
    parser_memory_bytes: int = 1024 * MEBIBYTE
