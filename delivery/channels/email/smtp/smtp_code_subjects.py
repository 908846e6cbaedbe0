"""What SMTP reply codes concern: IANA's registry of enhanced status codes (RFC 3463 and its extensions), and the basic
codes that are specific (RFC 5321)."""

from typing import Final, Literal

#: gone: the recipient does not exist any more; full: the mailbox is full for now; message: its content, its sender or a
#: policy about them; server: the server, the network or the moment.
Subject = Literal["gone", "full", "message", "server"]
#: A subject, or "" for a general code: then the words decide.
CodeSubject = Subject | Literal[""]

#: (subject, detail) of a 5.x.x code, and what it concerns; "": the words decide.
CODES: Final[dict[tuple[int, int], CodeSubject]] = {
    (0, 0): "",  # other undefined status
    (1, 0): "",  # other address status: sender's or recipient's
    (1, 1): "gone",  # bad destination mailbox address
    (1, 2): "gone",  # bad destination system address
    (1, 3): "gone",  # bad destination mailbox address syntax
    (1, 4): "gone",  # destination mailbox address ambiguous
    (1, 5): "server",  # destination address valid: no failure at all
    (1, 6): "gone",  # destination mailbox has moved, no forwarding address
    (1, 7): "message",  # bad sender's mailbox address syntax
    (1, 8): "message",  # bad sender's system address
    (1, 9): "server",  # message relayed to non-compliant mailer (RFC 5248)
    (1, 10): "gone",  # recipient address has null MX (RFC 7505)
    (2, 0): "",  # other mailbox status
    (2, 1): "gone",  # mailbox disabled, not accepting messages
    (2, 2): "full",  # mailbox full
    (2, 3): "message",  # message length exceeds administrative limit
    (2, 4): "server",  # mailing list expansion problem
    (3, 0): "server",  # other mail system status
    (3, 1): "server",  # mail system full
    (3, 2): "server",  # system not accepting network messages
    (3, 3): "server",  # system not capable of selected features
    (3, 4): "message",  # message too big for system
    (3, 5): "server",  # system incorrectly configured
    (3, 6): "server",  # requested priority was changed (RFC 6710)
    (4, 0): "server",  # other network or routing status
    (4, 1): "",  # no answer from host; Exchange says so of recipients that its directory does not know
    (4, 2): "server",  # bad connection
    (4, 3): "server",  # directory server failure
    (4, 4): "server",  # unable to route
    (4, 5): "server",  # mail system congestion; "daily user sending limit exceeded"
    (4, 6): "server",  # routing loop detected
    (4, 7): "server",  # delivery time expired
    (4, 8): "server",  # no more retries
    (5, 0): "",  # other protocol status; Outlook.com says so of mailboxes that are not there
    (5, 1): "server",  # invalid command
    (5, 2): "server",  # syntax error
    (5, 3): "server",  # too many recipients
    (5, 4): "server",  # invalid command arguments
    (5, 5): "server",  # wrong protocol version
    (5, 6): "message",  # authentication exchange line is too long (RFC 4954)
    (6, 0): "message",  # other media error
    (6, 1): "message",  # media not supported
    (6, 2): "message",  # conversion required and prohibited
    (6, 3): "message",  # conversion required but not supported
    (6, 4): "message",  # conversion with loss performed
    (6, 5): "message",  # conversion failed
    (6, 6): "message",  # message content not available (RFC 4468)
    (6, 7): "message",  # non-ASCII addresses not permitted for that sender or recipient (RFC 6531)
    (6, 8): "message",  # UTF-8 reply is required, but not permitted
    (6, 9): "message",  # UTF-8 header message cannot be transferred
    (6, 10): "message",  # reserved: RFC 6531 again
    (7, 17): "gone",  # mailbox owner has changed (RFC 7293)
    (7, 18): "gone",  # domain owner has changed (RFC 7293)
    **{(7, detail): "message" for detail in (*range(17), *range(19, 31))},  # security and policy, to RFC 8689
}
#: What a detail that is in no registry concerns, by its subject.
OTHERS: Final[dict[int, CodeSubject]] = {
    0: "", 1: "", 2: "", 3: "server", 4: "server", 5: "server", 6: "message", 7: "message",
}  # fmt: skip
#: What specific basic codes (RFC 5321 4.2.3) concern, without an enhanced code.
BASIC: Final[dict[int, Subject]] = {
    500: "server", 501: "server", 502: "server", 503: "server", 504: "server", 521: "server", 523: "message",
    530: "server", 534: "server", 535: "server", 538: "server", 555: "server",
    556: "gone",  # domain does not accept mail (RFC 7504)
}  # fmt: skip

#: (subject, detail) of a 4.x.x or 5.x.x code by which the server takes no other e-mail now either. Ours have one
#: recipient each, so "too many recipients" means too many e-mails.
CLOSED: Final = frozenset({(3, 1), (3, 2), (4, 5), (5, 3)})
#: Basic codes with the same meaning, whatever the enhanced code: shutting down, or our credentials are refused.
CLOSED_BASIC: Final = frozenset({421, 530, 534, 535, 538})
