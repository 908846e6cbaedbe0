"""Why signing in through a provider came to nothing."""

from typing import Literal

#: `down`: it does not answer, or not as it should; `denied`: the person or the provider said no; `token`: what it says
#: of the person is not to be believed; `answer`: its answer belongs to nothing that this browser asked for.
RefusalCode = Literal["down", "denied", "token", "answer"]


class ProviderRefusal(Exception):  # noqa: N818
    """Signing in through a provider ends here. *code* says why to the person, the message to who reads the log; it has
    neither tokens nor names."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(message)
        self.code: RefusalCode = code
