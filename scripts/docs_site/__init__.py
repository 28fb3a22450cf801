"""The documents as a site: what is staged for the generator, and what is checked of the outcome."""
