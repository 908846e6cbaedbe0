"""The SFTP server that issuers upload feeds to."""
