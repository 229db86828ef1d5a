"""FEN: fence devices, the topology, and what keeps them from working."""
