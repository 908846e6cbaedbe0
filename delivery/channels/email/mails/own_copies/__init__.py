"""E-mails about bills that people keep or send elsewhere: archives, forwarding, bills sent in by mail."""
