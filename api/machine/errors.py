"""What can be wrong with the machine. A stable code and its parameters; the sentence is made at the edge."""


class MachineError(Exception):
    """Root of the tree. `code` names the sentence that the command line says; `params` fill it."""

    code = "machine.error"

    def __init__(self, code: str | None = None, /, **params: object) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class PostgresMissing(MachineError):
    """No PostgreSQL server of the wanted version is installed. Params: minimum."""

    code = "machine.postgres_missing"


class PostgisMissing(MachineError):
    """PostgreSQL is there, its extension PostGIS is not. Params: version."""

    code = "machine.postgis_missing"


class PostgresOfOtherVersion(MachineError):
    """The data folder was made by a major version that is not installed. Params: folder, version."""

    code = "machine.postgres_of_other_version"


class NotOwner(MachineError):
    """The data folder belongs to somebody else. Params: folder, owner."""

    code = "machine.not_owner"


class ClusterFailed(MachineError):
    """The private cluster could not be made, started or stopped. Params: step, reason."""

    code = "machine.cluster_failed"


class DatabaseUnreachable(MachineError):
    """Nobody answers at the database address. Params: where, reason."""

    code = "machine.database_unreachable"


class PortTaken(MachineError):
    """Another program holds the port. Params: host, port."""

    code = "machine.port_taken"


class AlreadyRunning(MachineError):
    """Gridward runs already from this folder. Params: pid, folder."""

    code = "machine.already_running"


class NotLoopback(MachineError):
    """Demo accounts exist, so only this machine may be served. Params: host."""

    code = "machine.not_loopback"


class NotYetThere(MachineError):
    """A part of the product is missing from this checkout. Params: part."""

    code = "machine.part_missing"
