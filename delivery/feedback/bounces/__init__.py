"""What comes back of e-mails: bounces, complaints and automatic replies, read from a mailbox or told by a hook."""
