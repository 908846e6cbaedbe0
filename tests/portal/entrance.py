"""What may enter for Lumière beside its key: an SFTP key, and an endpoint that a message went to."""

from sqlalchemy import select

from doors.sftp.sftp_credentials import add_sftp_key
from issuers.test_side import open_test_side
from store.issuer import Issuer
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.test_sides.customers_of_side import keep_customer
from store.test_sides.side_message import SideMessage
from tests.portal.sample_campaign import draft_a_campaign, run_a_campaign
from tests.portal.staff_office import Office
from untrusted.endpoints.endpoint_url import EndpointRules
from webhooks.manage_endpoints import add_endpoint, send_test

LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPVBRJNDgO9Jb0Q8D1UN9CEX1kpGwhkCMGCg2DCQnhNX nuit@lumiere"


def open_entrances(office: Office) -> WebhookEndpoint:
    """One of each kind; the message was refused once, and waits; a campaign runs. Beside them Lumière's test side, with
    a customer whose mail was kept."""
    now = office.clock()
    keep_a_message(office)
    run_a_campaign(office.store, office.lumiere.id, now)
    draft_a_campaign(office.store, office.lumiere.id, now)
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


def keep_a_message(office: Office) -> None:
    """Lumière has tried a bill: its customer's mail lies in the outbox of the test side."""
    now = office.clock()
    with office.store.writing() as session:
        side = open_test_side(session, session.get_one(Issuer, office.lumiere.id), "mina", now)
        customer = keep_customer(session, side.id, f"zelie@{side.id}.client.test", "Zélie Quintal", now)
        session.add(SideMessage(
            issuer_id=side.id, channel="email", recipient=customer.email, subject="Lumière : Zélie Quintal",
            reference="<1@localhost>", content=b"Subject: x\r\n\r\nZ\xc3\xa9lie Quintal", answer="250", at=now,
        ))  # fmt: skip
