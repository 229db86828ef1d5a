"""What the files mean: clusters, hosts, resources and constraints, with templates, sets, tags and defaults resolved.

The model is immutable to its readers, lazy, and total: it also reads documents that the grammar would reject. Names are
Pacemaker's own.
"""
