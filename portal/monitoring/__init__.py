"""What programs that watch the service are told: its metrics, and how each of its parts is."""
