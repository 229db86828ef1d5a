"""NOD: the nodes of a cluster."""
