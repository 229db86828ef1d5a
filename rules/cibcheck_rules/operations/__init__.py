"""OPS: operations of resources."""
