"""What Pacemaker really does with a configuration, seen in its own simulator."""
