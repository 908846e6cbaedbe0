"""Where feeds are dropped: request, command line, upload folder, SFTP."""
