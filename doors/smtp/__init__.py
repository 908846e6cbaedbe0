"""The SMTP door: people mail bills of issuers who send nothing here to a personal address."""
