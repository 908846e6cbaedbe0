"""The web server of `facteur web`: waitress, whose bodies are let in before they are read, and whose slow clients cost
nobody else (decision 0093)."""
