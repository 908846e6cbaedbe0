"""Why a bill changed, as its page says and draws it."""
