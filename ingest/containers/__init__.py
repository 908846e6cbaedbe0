"""Container files: ZIP, tar and gzip archives, and the manifest that lists their members."""
