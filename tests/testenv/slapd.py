"""A directory server of our own: slapd with TLS, memberOf and password policy, as any user."""

import base64
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.testenv.authority import LOOPBACK_NAMES, Authority
from tests.testenv.processes import Server, answers, free_port, give, scratch
from tests.testenv.programs import Program

Attributes = Mapping[str, str | bytes | Sequence[str | bytes]]
SCHEMAS = ("core", "cosine", "inetorgperson", "nis")
MODULES = ("back_mdb", "memberof", "refint", "ppolicy")
LOCKED_FOR_EVER = "000001010000Z"


class SlapdServer:
    """One running directory with an empty tree below `suffix`, people and groups units in it.

    `size_limit` cuts what the service account may read, `names` are those of the certificate, and
    `anonymous_binds` allows what RFC 4513 calls an unauthenticated bind: a name, no password.
    """

    def __init__(
        self,
        program: Program,
        *,
        suffix: str = "dc=ostrelle,dc=example",
        size_limit: int | None = None,
        names: Sequence[str] = LOOPBACK_NAMES,
        anonymous_binds: bool = False,
    ) -> None:
        self.program, self.suffix = program, suffix
        self.admin_dn, self.admin_password = f"cn=admin,{suffix}", "directory-admin"
        self.sync_dn, self.sync_password = f"cn=sync,{suffix}", "directory-sync"
        self.people_dn, self.groups_dn = f"ou=people,{suffix}", f"ou=groups,{suffix}"
        self.folder = scratch("slapd")
        self.authority = Authority(self.folder)
        self.port, self.tls_port = free_port(), free_port()
        certificate, key = self.authority.issue(*names)
        self._configure(certificate, key, size_limit, anonymous_binds)
        command: list[str | Path] = [
            program.path,
            "-f",
            self.folder / "slapd.conf",
            "-h",
            f"{self.url} {self.ldaps_url}",
            "-d",
            "0",
        ]
        self.server = Server(command, self.folder, env=program.env())
        try:
            self.wait()
            self._plant()
        except BaseException:  # boundary: nobody else has us yet to stop it
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def ldaps_url(self) -> str:
        return f"ldaps://127.0.0.1:{self.tls_port}"

    @property
    def ca_file(self) -> Path:
        return self.authority.ca_file

    # --- the tree --------------------------------------------------------------------------
    def add(self, dn: str, attributes: Attributes) -> None:
        self.ldif(f"{_line('dn', dn)}changetype: add\n{_lines(attributes)}")

    def add_person(self, uid: str, name: str, password: str = "", **attributes: str) -> str:
        """An inetOrgPerson; its DN."""
        dn = f"uid={uid},{self.people_dn}"
        given, _, surname = name.partition(" ")
        facts = {
            "cn": name,
            "givenName": given,
            "sn": surname or given,
            "uid": uid,
            "mail": f"{uid}@ostrelle.example",
        }
        if password:
            facts["userPassword"] = password
        self.add(dn, {"objectClass": "inetOrgPerson", **facts, **attributes})
        return dn

    def add_group(self, name: str, members: Sequence[str]) -> str:
        """A groupOfNames, which can't be empty: it also holds the administrator; its DN."""
        dn = f"cn={name},{self.groups_dn}"
        self.add(
            dn, {"objectClass": "groupOfNames", "cn": name, "member": [self.admin_dn, *members]}
        )
        return dn

    def replace(self, dn: str, attribute: str, *values: str | bytes) -> None:
        """Set an attribute to these values; none removes it."""
        changes = "".join(_line(attribute, value) for value in values)
        self.ldif(f"{_line('dn', dn)}changetype: modify\nreplace: {attribute}\n{changes}-\n")

    def drop(self, dn: str, attribute: str, value: str) -> None:
        self.ldif(
            f"{_line('dn', dn)}changetype: modify\n"
            f"delete: {attribute}\n{_line(attribute, value)}-\n"
        )

    def extend(self, dn: str, attribute: str, *values: str) -> None:
        changes = "".join(_line(attribute, value) for value in values)
        self.ldif(f"{_line('dn', dn)}changetype: modify\nadd: {attribute}\n{changes}-\n")

    def rename(self, dn: str, new_rdn: str, below: str = "") -> str:
        """Give an entry another name, and perhaps another parent; the new DN."""
        parent = below or dn.partition(",")[2]
        self.ldif(
            f"{_line('dn', dn)}changetype: modrdn\n{_line('newrdn', new_rdn)}"
            f"deleteoldrdn: 1\n{_line('newsuperior', parent)}"
        )
        return f"{new_rdn},{parent}"

    def delete(self, dn: str) -> None:
        self.ldif(f"{_line('dn', dn)}changetype: delete\n")

    def disable(self, dn: str) -> None:
        self.replace(dn, "pwdAccountLockedTime", LOCKED_FOR_EVER)

    def enable(self, dn: str) -> None:
        self.replace(dn, "pwdAccountLockedTime")

    def ldif(self, text: str) -> None:
        """Send changes through ldapmodify, as an administrator of the directory would."""
        tool = self.program.file("usr/bin/ldapmodify")
        command = [
            str(tool) if tool.exists() else shutil.which("ldapmodify") or "ldapmodify",
            "-x",
            "-H",
            self.url,
        ]
        command += ["-e", "relax", "-D", self.admin_dn, "-w", self.admin_password]
        done = subprocess.run(
            command, input=text.encode(), env=self.program.env(), capture_output=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{done.stderr.decode(errors='replace').strip()}\n{text}")

    # --- the process -----------------------------------------------------------------------
    def wait(self) -> None:
        self.server.wait_until(lambda: answers(self.port) and answers(self.tls_port))

    def halt(self) -> None:
        """End the process, keep the data."""
        self.server.halt()

    def kill(self) -> None:
        """As a power cut would."""
        self.server.kill()

    def again(self) -> None:
        """Start once more, on the same ports with the same data."""
        self.server.again()
        self.wait()

    def stop(self) -> None:
        """End the process and remove its folder."""
        self.server.stop()

    def _configure(
        self, certificate: Path, key: Path, size_limit: int | None, anonymous_binds: bool
    ) -> None:
        schema, modules = self.program.file("etc/ldap/schema"), self.program.file("usr/lib/ldap")
        database = self.folder / "db"
        database.mkdir()
        most = "unlimited" if size_limit is None else str(size_limit)
        lines = [
            *(f"include {schema / name}.schema" for name in SCHEMAS),
            f"modulepath {modules}",
            *(f"moduleload {name}" for name in MODULES),
            f"pidfile {self.folder / 'slapd.pid'}",
            f"TLSCACertificateFile {self.ca_file}",
            f"TLSCertificateFile {certificate}",
            f"TLSCertificateKeyFile {key}",
            *(["allow bind_anon_dn bind_anon_cred"] if anonymous_binds else []),
            "access to attrs=userPassword by anonymous auth by * none",
            "access to * by * read",
            "database mdb",
            f'suffix "{self.suffix}"',
            f'rootdn "{self.admin_dn}"',
            f"rootpw {self.admin_password}",
            f"directory {database}",
            "maxsize 268435456",
            "dbnosync",
            "index objectClass,entryUUID,member,memberOf eq",
            "index uid,mail,cn eq,sub",
            f'limits dn.exact="{self.sync_dn}" time=unlimited'
            f" size.soft={most} size.hard={most} size.prtotal={most}",
            "overlay memberof",
            "overlay ppolicy",
        ]
        configuration = self.folder / "slapd.conf"
        configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for path in (database, configuration, key):
            give(path)

    def _plant(self) -> None:
        organisation = self.suffix.partition(",")[0].partition("=")[2]
        self.add(
            self.suffix,
            {"objectClass": ["dcObject", "organization"], "dc": organisation, "o": organisation},
        )
        for dn in (self.people_dn, self.groups_dn):
            self.add(
                dn,
                {"objectClass": "organizationalUnit", "ou": dn.partition(",")[0].partition("=")[2]},
            )
        roles = ["organizationalRole", "simpleSecurityObject"]
        self.add(
            self.sync_dn, {"objectClass": roles, "cn": "sync", "userPassword": self.sync_password}
        )


def _lines(attributes: Attributes) -> str:
    return "".join(
        _line(name, value)
        for name, values in attributes.items()
        for value in ([values] if isinstance(values, str | bytes) else values)
    )


def _line(name: str, value: str | bytes) -> str:
    """One line of LDIF, in base64: no value can break out of its line."""
    raw = value if isinstance(value, bytes) else value.encode()
    return f"{name}:: {base64.b64encode(raw).decode()}\n"
