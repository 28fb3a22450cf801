"""Mutation testing: whether a test fails for each small change of the code that decides."""
