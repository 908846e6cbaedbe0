"""Foreign PDFs are opened in a child process under limits: a hostile one ends that process and nothing else."""

from sandbox.client import Client, Died, Killed, TooSlow

__all__ = ["Client", "Died", "Killed", "TooSlow"]
