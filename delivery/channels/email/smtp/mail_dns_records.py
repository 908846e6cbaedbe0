"""The DNS records by which other servers recognise our e-mails: DKIM, SPF and DMARC, as they are to be published."""

from collections.abc import Sequence
from typing import NamedTuple

from delivery.channels.email.smtp.dkim_signer import DkimSigner

#: The longest string within a TXT record, in bytes (RFC 1035 3.3).
LONGEST_STRING = 255


class DnsRecord(NamedTuple):
    """A record. *is_hint*: its text needs something that only the operator knows."""

    name: str
    type: str
    text: str
    is_hint: bool = False

    def zone_line(self) -> str:
        """The record as a zone file has it (RFC 1035 5.1)."""
        if self.type != "TXT":
            return f"{self.name}. IN {self.type} {self.text}"
        parts = [self.text[at : at + LONGEST_STRING] for at in range(0, len(self.text), LONGEST_STRING)]
        return f"{self.name}. IN TXT " + " ".join(f'"{part}"' for part in parts)


def mail_dns_records(
    sender_domain: str, bounce_domain: str, reports_to: str, signers: Sequence[DkimSigner]
) -> list[DnsRecord]:
    """Return the records: the keys of DKIM (RFC 6376); who may send, which the relay's provider knows (SPF, RFC 7208);
    and what is to become of what neither vouches for (DMARC, RFC 7489), with the address for reports."""
    published = [signer.dns_record() for signer in signers]
    keys = [DnsRecord(name, "TXT", text) for name, text in published]
    envelope = bounce_domain or sender_domain
    spf = DnsRecord(envelope, "TXT", "v=spf1 mx include:RELAY -all", is_hint=True)
    bounces = [DnsRecord(bounce_domain, "MX", "10 HOST", is_hint=True)] if bounce_domain else []
    dmarc = DnsRecord(f"_dmarc.{sender_domain}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:{reports_to}")
    return [*keys, spf, *bounces, dmarc]
