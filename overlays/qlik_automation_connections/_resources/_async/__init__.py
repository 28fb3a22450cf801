"""Resources of an `AsyncTenant`, written by hand."""
