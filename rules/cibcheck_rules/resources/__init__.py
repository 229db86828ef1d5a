"""RES: resources, groups, clones, bundles and templates."""
