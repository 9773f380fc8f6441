"""Where an OpenSearch cluster is, as QA_STORE names it: opensearch://host:port[,host:port]/prefix."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from qa_service.domain.errors import SettingsError

PLAIN, SECURE = "opensearch://", "opensearch+https://"
FORM = f"{PLAIN}[user:password@]host:port[,host:port]/prefix"
# A prefix begins the names of indices: lower-case, and nothing that a pattern of names could mean.
REST = re.compile(
    r"(?:(?P<user>[^:@/\s]+):(?P<password>[^@/\s]*)@)?(?P<hosts>[^@/\s]+)/(?P<prefix>[a-z][a-z0-9-]{0,99})"
)
HOST = re.compile(r"(?P<name>[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?")
PORT = 9200


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The nodes (name and port) that are asked in turn, and the prefix of the names of indices."""

    hosts: tuple[tuple[str, int], ...]
    prefix: str
    secure: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    authorities: Path | None = None

    @classmethod
    def of(cls, text: str, authorities: Path | None = None) -> "Address":
        """The address that QA_STORE names, and the certificates of who vouches for its nodes.

        Raises SettingsError, which does not repeat a password.
        """
        scheme = SECURE if text.startswith(SECURE) else PLAIN
        found = REST.fullmatch(text.removeprefix(scheme)) if text.startswith(scheme) else None
        hosts = [HOST.fullmatch(one) for one in found["hosts"].split(",")] if found else []
        if found is None or not all(hosts):
            raise SettingsError(
                f"QA_STORE: not of the form {FORM} (or {SECURE}…), the prefix of a-z, 0-9 and -."
            )
        return cls(
            hosts=tuple((one["name"].strip("[]"), int(one["port"] or PORT)) for one in hosts if one),
            prefix=found["prefix"],
            secure=scheme == SECURE,
            user=found["user"] and unquote(found["user"]),
            password=found["password"] and unquote(found["password"]),
            authorities=authorities,
        )

    def __str__(self) -> str:
        return ", ".join(f"{name}:{port}" for name, port in self.hosts)


def is_cluster(store: str) -> bool:
    """Whether QA_STORE names OpenSearch, and no file."""
    return store.startswith((PLAIN, SECURE))
