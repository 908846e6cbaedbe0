"""How Alembic reaches the database: over the connection that `bring_up_to_date` hands in."""

from alembic import context

from store.all_models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
