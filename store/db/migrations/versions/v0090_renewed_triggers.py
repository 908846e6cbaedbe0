"""The triggers that mark what adoption facts are counted from, as they are now: a store that came to 0089 early kept
those of that hour. They are renewed after every migration, so that this one has nothing more to do."""

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All triggers are dropped before, and created after it."""


def downgrade() -> None:
    """The triggers of an older program are created by its own migrations."""
