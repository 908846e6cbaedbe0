"""Inside the sandbox worker for intake: what is read from issuers' PDFs. Runs only in the limited child process."""
