"""Delivers bills to their addressees: chooses a channel, sends, prints, reminds, and records what comes back."""

from delivery.bill_forwarding.send_forwarded_bill import run_forward_job
from delivery.channels.email.mails.run_mail_job import run_mail_job
from delivery.channels.email.send_due_emails import awaits_sending, send_due
from delivery.channels.email.side_transport import SideTransport
from delivery.channels.email.smtp.smtp_client import MailTransport, SmtpClient, open_mail_transport
from delivery.channels.paper.held_letters import HeldLetter, count_held, give_up, held_letters
from delivery.channels.paper.letter_address import awaits_address
from delivery.channels.paper.letter_data import LetterPrinter, PrintRoom, Unprintable
from delivery.channels.paper.mend_address import mend_address, release_addressed_letters
from delivery.channels.paper.print_batch import awaits_printing, close_batch, is_closing, join_batch, print_again
from delivery.channels.paper.print_handover import hand_over, handing_over
from delivery.channels.paper.print_house_profile import PrintHouse, PrintHouseError
from delivery.channels.paper.print_houses.carrier_of_house import carrier_of
from delivery.channels.paper.print_houses.configured_houses import ConfiguredHouse, PrintHouses, sole_house
from delivery.channels.paper.print_houses.read_print_houses import read_print_houses
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.push.push_client import PushClient
from delivery.channels.push.send_due_pushes import PushRoute, awaits_pushes, send_due_pushes
from delivery.channels.sms.send_code import run_code_job
from delivery.channels.sms.send_due_sms import SmsRoute, awaits_sms, send_due_sms
from delivery.channels.sms.sms_provider import SmsSettings, open_sms_provider
from delivery.choosing.choose_channel import choose, choose_bills
from delivery.feedback.print_acknowledgements import acknowledge_test_batch, read_answers
from delivery.feedback.returned_mail import letter_returned
from delivery.feedback.settle_print_dispute import settle_dispute, settle_stray_answer
from delivery.feedback.views_bounces_returns import bill_viewed, mail_bounced
from delivery.promote_due import promote_due

__all__ = [
    "ConfiguredHouse",
    "HeldLetter",
    "LetterPrinter",
    "MailTransport",
    "PrintHouse",
    "PrintHouseError",
    "PrintHouses",
    "PrintRoom",
    "ProviderHealth",
    "PushClient",
    "PushRoute",
    "SideTransport",
    "SmsRoute",
    "SmsSettings",
    "SmtpClient",
    "Unprintable",
    "acknowledge_test_batch",
    "awaits_address",
    "awaits_printing",
    "awaits_pushes",
    "awaits_sending",
    "awaits_sms",
    "bill_viewed",
    "carrier_of",
    "choose",
    "choose_bills",
    "close_batch",
    "count_held",
    "give_up",
    "hand_over",
    "handing_over",
    "held_letters",
    "is_closing",
    "join_batch",
    "letter_returned",
    "mail_bounced",
    "mend_address",
    "open_mail_transport",
    "open_sms_provider",
    "print_again",
    "promote_due",
    "read_answers",
    "read_print_houses",
    "release_addressed_letters",
    "run_code_job",
    "run_forward_job",
    "run_mail_job",
    "send_due",
    "send_due_pushes",
    "send_due_sms",
    "settle_dispute",
    "settle_stray_answer",
    "sole_house",
]
