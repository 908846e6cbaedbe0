"""Starts the sandbox worker for intake, which opens issuers' PDFs under limits: `python -I pdf_intake_worker.py`.

The questions and answers are described in `sandbox.intake.worker`.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))  # -I knows only the standard library and installed packages
    from sandbox.intake.worker import main

    del sys.path[0]
    main()
