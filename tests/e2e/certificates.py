"""Certificates, made by openssl when a test asks for them.

An Authority is a CA in a folder of its own. What it issues is two files, `cert` and `key`.
"""

import datetime
import pathlib
import subprocess

HOSTS = ("DNS:localhost", "IP:127.0.0.1")

_CONFIGURATION = """
[ca]
default_ca = authority
[authority]
database = {folder}/index
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
rand_serial = yes
policy = policy
unique_subject = no
copy_extensions = copy
[policy]
commonName = supplied
[req]
distinguished_name = name
[name]
"""


def openssl(*arguments):
    ended = subprocess.run(["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"openssl {arguments}: {ended.stderr}")
    return ended.stdout


class Issued:
    """A certificate and its key, in PEM."""

    def __init__(self, cert, key):
        self.cert = cert
        self.key = key

    @property
    def serial(self):
        """As a number."""
        return int(openssl("x509", "-in", self.cert, "-noout", "-serial").split("=")[1], 16)

    def copy_to(self, other):
        """Its contents over those of `other`, the key first, as some tools do."""
        other.key.write_bytes(self.key.read_bytes())
        other.cert.write_bytes(self.cert.read_bytes())


class Authority:
    def __init__(self, folder, name="authority"):
        self._folder = pathlib.Path(folder) / name
        self._folder.mkdir()
        self._count = 0
        self._configuration = self._folder / "openssl.cnf"
        self._configuration.write_text(_CONFIGURATION.format(folder=self._folder), "ascii")
        (self._folder / "index").touch()
        self.ca = self._folder / "ca.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-keyout", self._folder / "ca.key", "-out", self.ca, "-days", 30,
                "-subj", f"/CN={name}", "-config", self._configuration,
                "-addext", "basicConstraints=critical,CA:true")

    def issue(self, name="trawl", hosts=HOSTS, begin=datetime.timedelta(minutes=-5),
              end=datetime.timedelta(days=20)):
        """Valid from `begin` to `end`, both from now."""
        self._count += 1
        stem = self._folder / f"{name}-{self._count}"
        issued = Issued(stem.with_suffix(".pem"), stem.with_suffix(".key"))
        now = datetime.datetime.now(datetime.timezone.utc)
        dates = [(now + offset).strftime("%Y%m%d%H%M%SZ") for offset in (begin, end)]
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", issued.key, "-out", stem.with_suffix(".csr"), "-subj", f"/CN={name}",
                "-config", self._configuration,
                "-addext", f"subjectAltName={','.join(hosts)}")
        openssl("ca", "-batch", "-notext", "-config", self._configuration,
                "-in", stem.with_suffix(".csr"), "-out", issued.cert,
                "-startdate", dates[0], "-enddate", dates[1])
        return issued
