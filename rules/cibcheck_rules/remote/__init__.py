"""REM: remote and guest nodes. What the rules say that Pacemaker does was seen in crm_simulate (``tests/simulation``)."""
