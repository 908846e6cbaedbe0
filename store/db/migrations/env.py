"""Alembic's environment: run migrations over the connection that `bring_up_to_date` passes in."""

from alembic import context

from store.all_models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
