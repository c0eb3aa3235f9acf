"""Run by Alembic; ``morina.migrations.upgrade`` hands over the connection and its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
