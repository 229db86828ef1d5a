"""Which files there are, what they are, and which of them make up which cluster."""
