"""RUL: rules and dates, wherever they stand in a CIB."""
