"""Debian's nginx over a folder, with HTTP/1.1, and HTTP/2 over TLS, on the loopback interface."""

import pathlib
import shutil
import socket
import subprocess
import time

from processes import PATIENCE

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  default_type text/plain;
  client_body_temp_path {folder}/t1;
  proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  gzip on;
  gzip_types text/plain;
  gzip_min_length 1000;
  server {{
    listen 127.0.0.1:{plain};
    listen 127.0.0.1:{tls} ssl http2;
    ssl_certificate {issued.cert};
    ssl_certificate_key {issued.key};
    root {folder}/pages;
    location /plain/ {{ gzip off; alias {folder}/pages/; }}
    location /slow/ {{ limit_rate 1; alias {folder}/pages/; }}
  }}
}}
"""


def binary():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def free_ports(count):
    """nginx takes no port 0. Another process may be quicker: then Nginx tries others."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Nginx:
    """plain, tls: the ports. pages: the folder that it serves."""

    def __init__(self, folder, authority):
        self._folder = pathlib.Path(folder)
        self._issued = authority.issue()
        self.pages = self._folder / "pages"
        self.pages.mkdir()

    @property
    def webs(self):
        """What fetching() takes."""
        return [Port(self.plain), Port(self.tls)]

    def url(self, path):
        return f"http://127.0.0.1:{self.plain}{path}"

    def secure_url(self, path):
        return f"https://localhost:{self.tls}{path}"

    def __enter__(self):
        for _ in range(10):
            self.plain, self.tls = free_ports(2)
            file = self._folder / "nginx.conf"
            file.write_text(CONFIGURATION.format(folder=self._folder, plain=self.plain,
                                                 tls=self.tls, issued=self._issued))
            self._process = subprocess.Popen([binary(), "-p", self._folder, "-c", file],
                                             stderr=subprocess.DEVNULL)
            end = time.monotonic() + PATIENCE
            while self._process.poll() is None and time.monotonic() < end:
                try:
                    socket.create_connection(("127.0.0.1", self.tls)).close()
                    return self
                except ConnectionRefusedError:
                    time.sleep(0.01)
        raise RuntimeError((self._folder / "errors").read_text())

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(PATIENCE)


class Port:
    def __init__(self, port):
        self.port = port
