"""The database and the archive: SQLAlchemy Core tables, unit of work, repositories, migrations."""
