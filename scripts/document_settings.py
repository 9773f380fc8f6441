"""Write docs/settings.md from the settings themselves: `python scripts/document_settings.py`."""

from pathlib import Path

from pydantic.fields import FieldInfo

from qa_service.settings import CHECKOUT, SQLITE, Settings, environment_name

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
# Names that platforms give; read by `qa-service serve` and gunicorn.conf.py.
PLATFORM = {
    "PORT": (
        "8000",
        "Port of `qa-service serve` when no `--port` is given; when it is set, every address is listened on.",
    ),
    "WEB_CONCURRENCY": ("2", "Worker processes of gunicorn."),
    "LISTEN_FDS": ("", "Sockets that systemd holds; the first is served, and no address is listened on."),
}
OPENING = """# Settings

Written by `python scripts/document_settings.py` from the code; a test keeps it up to date.

The environment is read once, when a process starts. An unknown name that begins with `QA_`, an empty value
or a wrong one is an error that names the setting. Relative paths start from the current directory.
"""
TABLE = ("", "| name | default | allowed | what it is |", "|---|---|---|---|")


def rendered() -> str:
    """The whole page."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    platform = [f"| `{name}` | `{default}` | | {what} |" for name, (default, what) in PLATFORM.items()]
    names = "Three names are kept as platforms spell them:"
    return "\n".join([OPENING.rstrip(), *TABLE, *rows, "", names, *TABLE, *platform, ""])


def _row(name: str, field: FieldInfo) -> str:
    return (
        f"| `{environment_name(name)}` | {_default(name, field)} | {_allowed(field)} | {field.description} |"
    )


def _default(name: str, field: FieldInfo) -> str:
    if name == "store":
        return f"`{SQLITE}`…`/index/store.db`; installed: `store.db` in the user's application folder"
    value = field.get_default(call_default_factory=True)
    if value is None:
        return ""
    if isinstance(value, Path):
        return f"`{value.relative_to(CHECKOUT).as_posix()}`, as shipped"
    return f"`{value}`"


def _allowed(field: FieldInfo) -> str:
    low = [f"from {limit.ge}" for limit in field.metadata if hasattr(limit, "ge")]
    high = [f"to {limit.le}" for limit in field.metadata if hasattr(limit, "le")]
    return " ".join(low + high)


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
