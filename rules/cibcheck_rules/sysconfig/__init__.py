"""SYS: the environment file /etc/sysconfig/pacemaker: its syntax (SYS0xx), its names (SYS1xx) and its values (SYS2xx).

systemd reads the file, and what it cannot use it drops without a word. What a value may be is stated in a table,
``pacemaker-sysconfig.toml`` of the schemas.
"""
