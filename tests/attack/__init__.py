"""Attacks over real sockets: a server that misbehaves on purpose, and what the client makes of it."""
