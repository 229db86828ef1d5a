"""What is known of resource and fence agents: which parameters and actions they have.

`catalogue` finds an agent in a file of such facts, `facts` says what there is to know, `metadata` reads it from what an agent tells of
itself, `harvest` asks all that are installed, `merge` makes one catalogue of several.
"""
