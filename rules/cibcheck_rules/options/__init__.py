"""What the schema leaves as free text: the names and values of options, by the tables in ``schemas/options.md``."""
