"""A store that an earlier version made becomes one of this version. Originals and canonical texts stay as
they are; what is derived from them is dropped, and derived anew at the next start.
"""

from typing import Any

from qa_service.store.engine import begin, database
from qa_service.store.rows import create

SCHEMA = 2  # PRAGMA user_version of a store; a higher number is refused
BUSY_SECONDS = 30  # how long one waits for who writes

FROM_1 = (
    "DROP TABLE sentences",
    "DROP TABLE passages",
    "ALTER TABLE documents ADD COLUMN entries TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE documents ADD COLUMN digest TEXT NOT NULL DEFAULT '0'",
    "UPDATE meta SET value = '' WHERE key = 'derivation'",
    "INSERT INTO meta (key, value) SELECT 'size:documents', count(*) FROM documents",
)


def migrate(connection: Any) -> None:
    """Bring a store of schema 1 to this one, in one step; another process may have done so meanwhile."""
    begin(connection, BUSY_SECONDS)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 1:
            for statement in FROM_1:
                connection.execute(statement)
            create(database(connection), ("originals", "passages", "stems", "entries", "changes"))
            connection.execute(f"PRAGMA user_version={SCHEMA}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
