"""Hands the connections of one owner to another: a plan, its application, and a plan that undoes it."""
