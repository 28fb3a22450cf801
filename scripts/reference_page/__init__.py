"""The vendor's reference page in its Markdown form, read and compared with the spec."""
