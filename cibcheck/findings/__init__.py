"""What is wrong, where, what follows and what to do: the product's product."""
