"""What may enter for Lumière beside its key: an SFTP key, and an endpoint that a message went to."""

from sqlalchemy import select

from doors.sftp.sftp_credentials import add_sftp_key
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint
from tests.portal.staff_office import Office
from untrusted.endpoints.endpoint_url import EndpointRules
from webhooks.manage_endpoints import add_endpoint, send_test

LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPVBRJNDgO9Jb0Q8D1UN9CEX1kpGwhkCMGCg2DCQnhNX nuit@lumiere"


def open_entrances(office: Office) -> WebhookEndpoint:
    """One of each kind; the message was refused once, and waits."""
    now = office.clock()
    with office.store.writing() as session:
        add_sftp_key(session, office.lumiere, LINE, now)
        url, rules = "https://crm.lumiere.example/in", EndpointRules()
        endpoint, _ = add_endpoint(session, office.store.encryptor, office.lumiere.id, url, [], rules, now, "mina")
        event = send_test(session, endpoint, now)
        session.flush()
        message = session.scalars(select(WebhookDelivery).where(WebhookDelivery.event_id == event.id)).one()
        session.add(WebhookAttempt(
            delivery_id=message.id, n=1, started_at=now, ended_at=now, outcome="refused", status=500,
        ))  # fmt: skip
    return endpoint
