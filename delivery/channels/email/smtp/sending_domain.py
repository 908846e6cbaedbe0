"""What each e-mail of ours gets before it leaves, whatever it says: who reads the answer, where it comes back to, and
the DKIM signatures of our domain."""

from collections.abc import Callable
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from typing import Final

import msgspec

from delivery.channels.email.mail_origin import MailOrigin, origin_of_message
from delivery.channels.email.smtp.dkim_signer import DkimSigner

#: The line ends that SMTP requires.
WIRE: Final = compat32.clone(linesep="\r\n")


class SendingDomain(msgspec.Struct, frozen=True, kw_only=True):
    """*reply_to*: who reads answers where the e-mail names nobody; "": the sender does. *return_path* gives the
    envelope sender of an e-mail by what it was sent for; None: the sender's address is that of all. *signers* all
    sign."""

    reply_to: str = ""
    return_path: Callable[[MailOrigin], str] | None = None
    signers: tuple[DkimSigner, ...] = ()

    def envelope_sender(self, mail: Message) -> str:
        """Return the address that this e-mail comes back to where it cannot be delivered (RFC 5321 4.4); "" for the
        sender's."""
        origin = origin_of_message(str(mail["Message-ID"] or ""))
        return self.return_path(origin) if self.return_path and origin else ""

    def content(self, mail: Message) -> bytes:
        """Return the bytes that leave, but for SMTP's doubled dots: seven bits, and signed."""
        if self.reply_to and "Reply-To" not in mail:
            mail["Reply-To"] = self.reply_to
        content = mail.as_bytes(policy=WIRE)
        return b"".join(signer.signature(content) for signer in self.signers) + content


def domain_of(sender: str) -> str:
    """Return the domain of an address: `facteur.example` for `Facteur <mail@facteur.example>`; "" without one."""
    return parseaddr(sender)[1].rpartition("@")[2]
