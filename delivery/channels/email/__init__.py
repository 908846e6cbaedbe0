"""E-mail: messages, SMTP client, replies of mail servers, the development inbox."""
