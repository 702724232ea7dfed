"""The history of the portal's tables, one file per step in ``versions/``, run by Alembic.

A step names its predecessor (`down_revision`) and works on SQLite and PostgreSQL alike. It uses
SQLAlchemy's own types, never those of the package's present tables: history does not change.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.database import SchemaTooNew

__all__ = ["upgrade"]


def upgrade(connection: Connection) -> None:
    """Run the steps that the database lacks, inside the transaction of `connection`.

    Raises:
        SchemaTooNew: the database holds a step that this release does not know.
    """
    config, scripts = _scripts()
    present = MigrationContext.configure(connection).get_current_heads()
    head = scripts.get_current_head()
    if present == (head,):
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if unknown := set(present) - known:
        raise SchemaTooNew(
            f"the database is at {', '.join(sorted(unknown))}, this release ends at {head}"
        )

    def steps(revision: Any, _context: MigrationContext) -> list[RevisionStep]:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(config, scripts, fn=steps, destination_rev="head") as environment:
        # Both databases change tables inside a transaction, SQLite too as we begin it ourselves.
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


@lru_cache(maxsize=1)
def _scripts() -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)
