"""SCH: what the schema of the CIB forbids, in the version that the CIB declares. The grammar finds it; here it gets words."""
