"""HAProxy with the configuration that is shipped."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile

from processes import SOURCE_DIR

HAPROXY = shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin")
ABSENT = "haproxy is not installed (scripts/setup --dev)"
CONFIGURATION = f"{SOURCE_DIR}/docker/proxy/haproxy.cfg"


def configuration(servers):
    """The text of it, with a line for each server."""
    with open(CONFIGURATION, encoding="utf-8") as file:
        lines = file.read().splitlines()
    assert lines[-1] == '    server trawl1 "${TRAWL_PROXY_SERVER}"', lines[-1]
    for number, address in enumerate(servers[1:], 2):
        lines.append(f"    server trawl{number} {address}")
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def proxy(*servers):
    """A proxy before servers, which are given by their addresses. Its own address."""
    with socket.create_server(("127.0.0.1", 0)) as listener, \
            tempfile.NamedTemporaryFile("w", suffix=".cfg", encoding="utf-8") as file:
        file.write(configuration(servers))
        file.flush()
        environment = {"TRAWL_PROXY_LISTEN": f"fd@{listener.fileno()}",
                       "TRAWL_PROXY_SERVER": servers[0], "PATH": os.environ["PATH"]}
        with subprocess.Popen([HAPROXY, "-f", file.name, "-db", "-q"], env=environment,
                              pass_fds=[listener.fileno()]) as process:
            try:
                yield "127.0.0.1:%d" % listener.getsockname()[1]
            finally:
                process.kill()
