"""E-mail: writing messages, sending them by SMTP, understanding the server's replies."""
