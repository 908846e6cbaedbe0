"""The pages of a one-bill link: one bill without a password, paying it as a guest, claiming its account from there."""
