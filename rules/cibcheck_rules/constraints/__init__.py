"""CON and REF: constraints, and what they refer to."""
