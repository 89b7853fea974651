"""What runs on this machine: the private PostgreSQL cluster, ports, processes, the doctor.

`postgres` finds the installed server, `owner` says who runs it, `cluster` makes, starts and stops it, `migrating`
brings a database to the newest revision, `processes` keeps the parts of the product alive, `doctor` says what is missing.
"""
