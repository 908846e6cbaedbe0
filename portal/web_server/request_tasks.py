"""What a worker thread does with a request: asks the app whether its body may come, or has the whole of it answered."""

from typing import Any

from waitress.task import WSGITask

from portal.web_server.body_admission import ADMISSION, ADMITTED, BODY_FAILURE, BodyAdmission


class AdmissionTask(WSGITask):  # type: ignore[misc]
    """Asks the app about a body. If the app admits it nothing is sent; else the app's answer is, and the connection
    ends with it, since nobody reads that body."""

    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        environment[ADMISSION] = self._admission
        return environment

    @property
    def _admission(self) -> BodyAdmission:
        admission: BodyAdmission = self.request.admission
        return admission

    def build_response_header(self) -> bytes:
        self.set_close_on_finish()
        header: bytes = super().build_response_header()
        return header

    def write(self, data: bytes) -> None:
        if not self._admission.is_admitted:
            super().write(data)

    def finish(self) -> None:
        if not self._admission.is_admitted:
            super().finish()


class RequestTask(WSGITask):  # type: ignore[misc]
    """Has a request answered. One whose body did not come as it should is refused by the app, in its words."""

    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        environment[ADMITTED] = self.request.admission is not None
        if self.request.failure:
            environment[BODY_FAILURE] = int(self.request.failure)
        return environment

    def build_response_header(self) -> bytes:
        if self.request.failure:
            self.set_close_on_finish()
        if self.request.admission is not None:
            self.request.admission.end()  # before the client hears the answer, and sends the next one
        header: bytes = super().build_response_header()
        return header
