"""What runs on this machine: the private PostgreSQL cluster, ports, processes, the doctor.

`postgres` finds the installed server, `owner` says who runs it, `cluster` makes, starts and stops it, `migrating`
brings a database to its newest revision, `processes` keeps the product's parts alive, `doctor` says what is missing.
"""
