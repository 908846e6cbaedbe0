"""Alembic's environment: run migrations over the connection that `bring_up_to_date` passes in."""

from alembic import context

from store.all_models import Base
from store.search.full_text_index import is_described

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, include_object=is_described
)
with context.begin_transaction():
    context.run_migrations()
