"""Resources of an `AsyncTenant`, the source of the sync ones."""
