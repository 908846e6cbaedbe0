"""`--by` of verbs that ask for no decision: who acts, so that the audit trail names them. It is the command line itself
where nobody is named."""

from typing import Final

from cli.open_store import WHO
from cli.translated_help import option

acting: Final = option("--by", type=WHO, default="cli", help="Who does it.")
