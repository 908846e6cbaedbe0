"""Asks for the mail that tells somebody of a sign-in from a device that they have not used before."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from store.job import request_job
from store.sign_in.sign_in_session import SessionOwner, SignInSession

NEW_DEVICE: Final = "new_device"


def ask_to_tell_new_device(session: Session, owner: SessionOwner, begun: SignInSession, now: datetime) -> None:
    """Ask for the mail that tells of this session (send the wake-up signal after the commit). It says the device as it
    is named now: whoever came may sign out before the mail is written."""
    whose = {"consumer_id": owner.consumer_id} if owner.consumer_id is not None else {"staff_id": owner.staff_id}
    seen = {"session_id": begun.id, "device": begun.device, "at": begun.began_at.isoformat()}
    request_job(session, NEW_DEVICE, {**whose, **seen}, now)
