"""Find the automations that use a connection, by reading their workspaces."""
