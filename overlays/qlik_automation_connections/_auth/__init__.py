"""How a tenant is told who asks, and where that may be written down."""
