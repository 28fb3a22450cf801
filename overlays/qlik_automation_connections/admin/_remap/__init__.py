"""Rewrite connection ids in exported automations, without access to a tenant."""
