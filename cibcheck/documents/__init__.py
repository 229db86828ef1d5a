"""Bytes become what a file says: parsed, unjudged, and every value knows where it stands."""
