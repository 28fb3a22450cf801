"""The service's operations as methods, sync and async."""
