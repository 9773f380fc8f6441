"""A store that an earlier version made becomes one of this version. Originals and canonical texts stay as
they are; what is derived from them is dropped, and derived anew at the next start.
"""

from typing import Any

from qa_service.store.engine import begin, database
from qa_service.store.tables import create

SCHEMA = 4  # PRAGMA user_version of a store; a higher number is refused
BUSY_SECONDS = 30  # how long one waits for who writes

FROM_1 = (
    "DROP TABLE sentences",
    "DROP TABLE passages",
    "ALTER TABLE documents ADD COLUMN entries TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE documents ADD COLUMN digest TEXT NOT NULL DEFAULT '0'",
    "INSERT INTO meta (key, value) SELECT 'size:documents', count(*) FROM documents",
)

DATED = {"answers": "recorded", "feedback": "given"}  # from schema 3 on; what is older begins its days then
HASHES = {  # from schema 4 on; what is derived anew has them
    "documents": ("annotations_hash TEXT NOT NULL DEFAULT ''", "entries_hash TEXT"),
    "originals": ("hash TEXT",),
    "passages": ("hash TEXT NOT NULL DEFAULT ''", "terms_hash TEXT NOT NULL DEFAULT ''"),
    "entries": ("hash TEXT NOT NULL DEFAULT ''",),
    "answers": ("hash TEXT",),
}


def migrate(connection: Any) -> None:
    """Bring a store of an earlier schema to this one, in one step; another process may have done so."""
    begin(connection, BUSY_SECONDS)
    try:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == 1:
            for statement in FROM_1:
                connection.execute(statement)
            create(database(connection), ("originals", "passages", "stems", "entries", "changes"))
        if found <= 2:
            _mark(connection)
            _date(connection)
        if found <= 3:
            _hash(connection)
        connection.execute(f"PRAGMA user_version={SCHEMA}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _mark(connection: Any) -> None:
    """The first stores of schema 2 told no mark of a publish."""
    _widened(connection, "changes", "mark TEXT")


def _date(connection: Any) -> None:
    for table, column in DATED.items():
        if _widened(connection, table, f"{column} INTEGER"):
            connection.execute(f"UPDATE {table} SET {column} = unixepoch()")  # noqa: S608 - constants


def _hash(connection: Any) -> None:
    for table, columns in HASHES.items():
        for column in columns:
            _widened(connection, table, column)
    connection.execute("UPDATE meta SET value = '' WHERE key = 'derivation'")


def _widened(connection: Any, table: str, column: str) -> bool:
    """Give a table a column; False when it has it, or is not there: answers are from the first one on."""
    names = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", [table])}
    if not names or column.partition(" ")[0] in names:
        return False
    connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    return True
