"""The operations of the service as methods, sync and async."""
