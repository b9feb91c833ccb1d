"""`python -m trawl`: the client for a shell."""

import argparse
import dataclasses
import datetime
import enum
import json
import os
import pathlib
import sys
from typing import Any, BinaryIO

from trawl import (Client, ClientOptions, Confidence, DistinctValue, Finding, Kind, ProcessOptions,
                   ResultForm, TlsOptions, TrawlError, Verdict)
from trawl._channel import DEFAULT_TARGET

FOUND, NOTHING, ERROR = range(3)


def plain(value: Any) -> Any:
    """What json cannot write itself."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, TrawlError):
        return {"code": value.code.name, "message": value.message, "reason": value.reason}
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("latin-1")
    raise TypeError(type(value).__name__)


def dump(value: Any) -> str:
    """A result as a line of JSON: enums by name, times in seconds; what is empty is left out."""
    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: item.name if isinstance(item, enum.Enum)
                else [one.name if isinstance(one, enum.Enum) else one for one in item]
                if isinstance(item, tuple) else item
                for key, item in pairs if item is not None and item != ()}
    return json.dumps(dataclasses.asdict(value, dict_factory=keep), default=plain,
                      ensure_ascii=False)


def source(name: str) -> pathlib.Path | BinaryIO:
    return sys.stdin.buffer if name == "-" else pathlib.Path(name)


def extract(client: Client, arguments: argparse.Namespace) -> int:
    options = ProcessOptions(kinds=[Kind[kind.upper()] for kind in arguments.kind or ()],
                             min_confidence=Confidence[arguments.min_confidence.upper()],
                             result_form=ResultForm[arguments.form.upper()])
    found = 0
    for name in arguments.files or ["-"]:
        result = client.extract(source(name), options)
        found += result.total_count
        items: tuple[Finding | DistinctValue, ...] = result.findings or result.distinct
        for item in items:
            print(dump(item) if arguments.json else item.value)
    return FOUND if found else NOTHING


def explain(client: Client, arguments: argparse.Namespace) -> int:
    name = source(arguments.file)
    content = name.read_bytes() if isinstance(name, pathlib.Path) else name.read()
    explanation = client.explain(content, arguments.offset)
    print(dump(explanation))
    return FOUND if explanation.verdict == Verdict.FINDING else NOTHING


def ping(client: Client, arguments: argparse.Namespace) -> int:
    print(dump(client.ping()))
    return FOUND


def capabilities(client: Client, arguments: argparse.Namespace) -> int:
    print(dump(client.capabilities()))
    return FOUND


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m trawl", description=__doc__,
        epilog="Exit code: 0 when something was found, 1 when nothing was, 2 on an error.")
    parser.add_argument("--server", default=os.environ.get("TRAWL_SERVER", DEFAULT_TARGET),
                        help="default: TRAWL_SERVER, or %(default)s")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds for each call")
    parser.add_argument("--tls", action="store_true", default=os.environ.get("TRAWL_TLS") == "1",
                        help="connect by TLS (implied by the four that follow)")
    for flag, text in (("ca-file", "CAs that the server's certificate may come from, PEM"),
                       ("cert-file", "certificate to show the server, PEM"),
                       ("key-file", "its private key, PEM"),
                       ("server-name", "name that the server's certificate has to have")):
        parser.add_argument(f"--{flag}", help=text,
                            default=os.environ.get(f"TRAWL_{flag.upper().replace('-', '_')}"))
    parser.add_argument("--token-file",
                        help="file with the bearer token (default: TRAWL_TOKEN, the token itself)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("extract", help="what is in files, or in standard input")
    command.set_defaults(run=extract)
    command.add_argument("files", nargs="*", metavar="FILE", help="-: standard input")
    command.add_argument("--json", action="store_true", help="a line of JSON for each")
    command.add_argument("--form", default="findings", choices=("findings", "distinct"))
    command.add_argument("--kind", action="append", choices=[kind.name.lower() for kind in Kind],
                         help="a kind to find (again: another); default: domain")
    command.add_argument("--min-confidence", default="medium",
                         choices=[level.name.lower() for level in Confidence])

    command = commands.add_parser("explain", help="why a byte of a file is found, or is not")
    command.set_defaults(run=explain)
    command.add_argument("file", metavar="FILE", help="-: standard input")
    command.add_argument("offset", type=int, metavar="OFFSET", help="of the byte, from 0")

    commands.add_parser("ping", help="whether the server answers").set_defaults(run=ping)
    commands.add_parser("capabilities", help="what the server can do").set_defaults(
        run=capabilities)
    return parser.parse_args()


def client_options(arguments: argparse.Namespace) -> ClientOptions:
    tls = TlsOptions(arguments.ca_file, arguments.cert_file, arguments.key_file,
                     arguments.server_name)
    token = os.environ.get("TRAWL_TOKEN")
    if arguments.token_file is not None:
        token = pathlib.Path(arguments.token_file).read_text("utf-8").strip()
    return ClientOptions(timeout=arguments.timeout, token=token,
                         tls=tls if arguments.tls or tls != TlsOptions() else None)


def main() -> int:
    arguments = parse()
    try:
        with Client(arguments.server, client_options(arguments)) as client:
            result: int = arguments.run(client, arguments)
            return result
    except (TrawlError, OSError, ValueError) as error:
        print(f"trawl: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
