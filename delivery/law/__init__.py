"""The law on bills as data: a TOML file a sector, each rule with its article, and what follows from it."""
