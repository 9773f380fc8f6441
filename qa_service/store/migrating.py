"""A store that an earlier version made becomes one of this version. Originals and canonical texts stay as
they are; what is derived from them is dropped, and derived anew at the next start.
"""

from typing import Any

from qa_service.store.engine import begin, database
from qa_service.store.tables import create

SCHEMA = 3  # PRAGMA user_version of a store; a higher number is refused
BUSY_SECONDS = 30  # how long one waits for who writes

FROM_1 = (
    "DROP TABLE sentences",
    "DROP TABLE passages",
    "ALTER TABLE documents ADD COLUMN entries TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE documents ADD COLUMN digest TEXT NOT NULL DEFAULT '0'",
    "UPDATE meta SET value = '' WHERE key = 'derivation'",
    "INSERT INTO meta (key, value) SELECT 'size:documents', count(*) FROM documents",
)

DATED = {"answers": "recorded", "feedback": "given"}  # from schema 3 on; what is older begins its days then


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
        connection.execute(f"PRAGMA user_version={SCHEMA}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _mark(connection: Any) -> None:
    """The first stores of schema 2 told no mark of a publish."""
    names = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info('changes')")}
    if names and "mark" not in names:
        connection.execute("ALTER TABLE changes ADD COLUMN mark TEXT")


def _date(connection: Any) -> None:
    for table, column in DATED.items():
        names = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", [table])}
        if names and column not in names:  # a store has the table from its first answer on
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER")
            connection.execute(f"UPDATE {table} SET {column} = unixepoch()")  # noqa: S608 - constants
