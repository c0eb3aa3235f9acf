"""How the picture of a camera that films looks."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE camera_state ADD COLUMN light double precision, "
        "ADD COLUMN spread double precision"
    )
    op.execute(
        "COMMENT ON COLUMN camera_state.light IS "
        "'mean brightness of one of the newest pictures, 0 to 1; spread: its standard deviation'"
    )
