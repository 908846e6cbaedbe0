"""Opens foreign PDFs in a limited child process: a hostile PDF ends that process and harms nothing else."""

from sandbox.client import Client, Died, Killed, TooSlow

__all__ = ["Client", "Died", "Killed", "TooSlow"]
