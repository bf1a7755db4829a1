"""The command `forensics`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

ALL_READ, PROBLEMS, WRONG_USE, NOT_OPENED, INTERRUPTED = 0, 1, 2, 3, 130

ABOUT = """\
Reads exports of seized devices (chat apps, photos, wallets, phone records) into one case of typed tables,
which you explore in notebooks. Evidence is never changed, and nothing goes over the network.

A first case:
  forensics ingest operation.case PHONE.zip LAPTOP/ --timezone Europe/Podgorica
  forensics status operation.case
  forensics lab operation.case
"""
CODES = """\
exit codes: 0 all was read; 1 finished, with problems recorded in the case; 2 wrong use;
3 a case or evidence could not be opened; 130 stopped with Ctrl-C (the same command goes on where it stopped)
"""


class Parser(argparse.ArgumentParser):
    """Says how to get help when it is used wrongly."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {_safe(message)}\nTry: {self.prog} --help\n")


def main(argv: list[str] | None = None) -> int:
    """Run a command; gives its exit code."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        print("\nStopped. Nothing is lost: the same command goes on where it stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return ALL_READ
    except Exception as error:
        code = _code(error)
        if code is None:
            raise
        print(f"forensics: {_message(error)}", file=sys.stderr)
        return code


def _code(error: Exception) -> int | None:
    """The exit code of an error that says by itself what to do; None for a fault of ours, which shows its traceback."""
    from forensics.case.store import CaseError
    from forensics.evidence.source import SourceError
    from forensics.plugins import PluginError

    if isinstance(error, CaseError | SourceError) or _is_of_a_table(error):
        return NOT_OPENED
    if isinstance(error, PluginError | ValueError | FileNotFoundError):
        return WRONG_USE
    if isinstance(error, OSError):
        return NOT_OPENED
    return NOT_OPENED if type(error).__name__ in ("ReportError", "LedgerError") else None


def _is_of_a_table(error: Exception) -> bool:
    """Whether a table file of the case is damaged. Looked up by name, as neither library is imported for a help text."""
    return type(error).__module__.partition(".")[0] in ("_duckdb", "duckdb", "pyarrow")


def _message(error: Exception) -> str:
    """What is wrong and what to do, in one line that is safe to show."""
    text = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
    text = _safe(" ".join(text.split()))
    return (
        f"the tables cannot be read; `forensics verify` says which file it is: {text}"
        if _is_of_a_table(error)
        else text
    )


def _safe(text: object) -> str:
    from forensics.text.show import safe

    return safe(str(text))


def _parser() -> Parser:
    from forensics import __version__

    parser = Parser(
        prog="forensics", description=ABOUT, epilog=CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"forensics-toolkit {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)

    demo = _command(commands, "demo", run_demo, "sample data to case to notebooks to report, to see how it all works")
    demo.add_argument("case", nargs="?", default="demo.case", help="folder for the case (default: demo.case)")

    ingest = _command(
        commands,
        "ingest",
        run_ingest,
        "read evidence into a case",
        "Reads evidence into a case, which is made if it is new. SOURCE is a folder, an archive (zip, tar, tar.gz, tar.xz,\n"
        "tar.zst) or a single file. Give the same command again to go on after an interruption.",
        "  forensics ingest operation.case PHONE.zip LAPTOP/ --timezone Europe/Podgorica\n"
        "  forensics ingest operation.case chat.zip --label phone-of-M --passwords passwords.txt",
    )
    ingest.add_argument("case", help="folder of the case")
    ingest.add_argument("source", nargs="+", help="evidence: a folder, an archive or a file")
    ingest.add_argument("--label", help="short name for the evidence in all tables (default: made of its file name)")
    ingest.add_argument("--timezone", metavar="Z", help="IANA zone for times stored without one, e.g. Europe/Podgorica")
    ingest.add_argument("--workers", type=int, default=0, metavar="N", help="processes that read (default: one a core)")
    ingest.add_argument("--scheduler", metavar="URL", help="read on a Dask cluster, e.g. tcp://10.0.0.5:8786")
    _add_secrets(ingest)
    ingest.add_argument("--plugin", metavar="FILE.py", action="append", default=[], help="a parser of your own")
    ingest.add_argument(
        "--no-deleted",
        action="store_false",
        dest="deleted",
        help="do not search databases for deleted rows (is faster)",
    )
    ingest.add_argument("--quiet", action="store_true", help="no progress line")

    status = _command(commands, "status", run_status, "what was read, what not, and why")
    status.add_argument("case", help="folder of the case")
    status.add_argument("--files", action="store_true", help="each file that was read, with its counts")
    status.add_argument("--json", action="store_true", help="as JSON")

    lab = _command(commands, "lab", run_lab, "open the case in JupyterLab, on this computer only")
    lab.add_argument("case", help="folder of the case")
    lab.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open no browser")

    report = _command(
        commands, "report", run_report, "one HTML file with the case's report, for a reader without the toolkit"
    )
    report.add_argument("case", help="folder of the case")
    report.add_argument("-o", "--output", metavar="FILE", help="the file (default: exports/report.html in the case)")

    verify = _command(
        commands,
        "verify",
        run_verify,
        "whether the case, and the evidence, are unchanged",
        "Checks the chain of the ledger, the hash of every table file and of case.json; with SOURCE also the hash of every\n"
        "file of the evidence. Names what differs.",
    )
    verify.add_argument("case", help="folder of the case")
    verify.add_argument("source", nargs="*", help="evidence, as it was given to ingest")

    parsers = _command(commands, "parsers", run_parsers, "what can be read, and how well that is proven")
    parsers.add_argument("name", nargs="?", help="all about one parser, e.g. whatsapp.android")
    parsers.add_argument("--plugin", metavar="FILE.py", action="append", default=[], help="a parser of your own")
    parsers.add_argument("--json", action="store_true", help="as JSON")

    explain = _command(commands, "explain", run_explain, "which parsers looked at a file, which claimed it, and why")
    explain.add_argument("file", help="a file")
    explain.add_argument("--plugin", metavar="FILE.py", action="append", default=[], help="a parser of your own")
    explain.add_argument("--json", action="store_true", help="as JSON")

    check = _command(
        commands,
        "check",
        run_check,
        "hold a parser of your own to the promises of the collection",
        "Runs the parsers of PLUGIN.py on FIXTURE, a file of their format, and on empty, cut, changed and foreign files.",
    )
    check.add_argument("plugin", metavar="PLUGIN.py", help="the plug-in")
    check.add_argument("fixture", metavar="FIXTURE", help="a file of the format")
    _add_secrets(check)
    return parser


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], brief: str, about: str = "", examples: str = ""
) -> argparse.ArgumentParser:
    text = (about or brief[:1].upper() + brief[1:] + ".") + (f"\n\nexamples:\n{examples}" if examples else "")
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=brief, description=text, epilog=CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.set_defaults(run=run)
    return command


def _add_secrets(command: argparse.ArgumentParser) -> None:
    """What opens encrypted evidence."""
    command.add_argument("--passwords", metavar="FILE", help="text file with one known password a line")
    command.add_argument(
        "--key", metavar="FILE", action="append", default=[], help="key file, or a file with a key in hex"
    )


def run_ingest(arguments: argparse.Namespace) -> int:
    """`forensics ingest`."""
    from forensics.intake import ingest
    from forensics.intake.progress import Progress
    from forensics.shipped import command

    summary = ingest(
        arguments.case,
        arguments.source,
        progress=Progress(None if arguments.quiet else sys.stderr),
        label=arguments.label,
        timezone=arguments.timezone,
        workers=arguments.workers,
        scheduler=arguments.scheduler,
        passwords=_passwords(arguments.passwords),
        keys=tuple(_key(file) for file in arguments.key),
        plugins=tuple(arguments.plugin),
        deleted=arguments.deleted,
    )
    _print_counts(summary.files, summary.rows)
    if summary.kept and not summary.done:
        print("All of it was in the case already.")
    print(f"See what was not read:  {command()} status {arguments.case}")
    print(f"Open the notebooks:     {command()} lab {arguments.case}")
    return PROBLEMS if summary.problems else ALL_READ


def _passwords(file: str | None) -> tuple[str, ...]:
    if file is None:
        return ()
    try:
        return tuple(line for line in Path(file).read_text("utf-8-sig").splitlines() if line)
    except UnicodeDecodeError:
        raise ValueError(f"{file}: write one password a line, as UTF-8 text") from None


def _key(file: str) -> bytes:
    raw = Path(file).read_bytes()
    try:
        return bytes.fromhex(raw.decode("ascii").strip())
    except (UnicodeDecodeError, ValueError):
        return raw


def _print_counts(files: dict[str, int], rows: dict[str, int]) -> None:
    print("Files:  " + (", ".join(f"{count:,} {state}" for state, count in sorted(files.items())) or "none"))
    data = {name: count for name, count in rows.items() if name not in ("files", "problems")}
    print("Rows:   " + (", ".join(f"{count:,} {name}" for name, count in sorted(data.items())) or "none"))
    if rows.get("problems"):
        print(f"Problems recorded: {rows['problems']:,}")


def run_status(arguments: argparse.Namespace) -> int:
    """`forensics status`."""
    from forensics.case.status import files, status

    said = status(arguments.case)
    if arguments.files:
        said["read"] = files(arguments.case)
    if arguments.json:
        print(json.dumps(said, indent=1, ensure_ascii=False, default=str))
    else:
        _print_status(said)
    return PROBLEMS if said["problems"] else ALL_READ


def _print_status(said: dict[str, Any]) -> None:
    print(f"Case {_safe(said['case'])}, in {_safe(said['path'])}")
    for evidence in said["evidence"]:
        label = evidence["label"]
        if evidence["complete"]:
            print(f"\n{label}: {evidence['kind']} {_safe(evidence['name'])}, {evidence['files']:,} files")
        else:
            print(f"\n{label}: not finished; give the same ingest command again")
        print("  files: " + ", ".join(f"{n:,} {state}" for state, n in said["files"].get(label, {}).items()))
        rows = said["rows_by_evidence"].get(label, {})
        print("  rows:  " + ", ".join(f"{n:,} {name}" for name, n in rows.items() if name not in ("files", "problems")))
    if "read" in said:
        _print_files(said["read"])
    if said["unknown"]:
        print("\nNot read, by type:")
        for row in said["unknown"][:20]:
            print(
                f"  {row['files']:>7,}  {row['mime'] or '?'}  {_safe(row['magic'] or '')[:60]}  e.g. {_safe(row['example'])}"
            )
    if said["problems"]:
        print("\nProblems (case.problems has each, with its place):")
        for row in said["problems"][:30]:
            print(
                f"  {row['problems']:>7,}  {row['kind']}: {_safe(row['message'])[:150]}  e.g. {_safe(row['example'])}"
            )
        if len(said["problems"]) > 30:
            print(f"  ... and {len(said['problems']) - 30} more kinds")
    else:
        print("\nNo problems.")


def _print_files(read: list[dict[str, Any]]) -> None:
    print("\nRead (rows of tables: read of stored):")
    plain = [row for row in read if not row["tables"] and not row["problems"]]
    for row in (row for row in read if row not in plain):
        print(f"  {_safe(row['evidence'])}: {_safe(row['path'])}")
        print(f"      {row['parser']}: {row['status']}, {row['rows']:,} rows, {row['problems']:,} problems")
        tables = [f"{_safe(name)} {one['read']:,} of {one['stored']:,}" for name, one in row["tables"].items()]
        if tables:
            print("      " + "; ".join(tables))
    if plain:
        print(f"  and {len(plain):,} files without tables or problems: {sum(row['rows'] for row in plain):,} rows")


def run_verify(arguments: argparse.Namespace) -> int:
    """`forensics verify`."""
    from forensics.case.verify import verify

    looked, grave = 0, 0
    for finding in verify(arguments.case, arguments.source):
        looked += 1
        if finding.fault:
            grave += finding.grave
            print(f"{'CHANGED' if finding.grave else 'note'}  {_safe(finding.place)}: {finding.fault}")
    if grave:
        print(f"{looked:,} things looked at, {grave:,} are not as they should be.")
        return PROBLEMS
    print(f"{looked:,} things looked at, all as the ledger says.")
    if not arguments.source:
        print(f"The evidence was not looked at. To do that: forensics verify {arguments.case} EVIDENCE")
    return ALL_READ


def run_lab(arguments: argparse.Namespace) -> int:
    """`forensics lab`."""
    from forensics.lab import lab

    return lab(arguments.case, port=arguments.port, browser=not arguments.no_browser)


def run_report(arguments: argparse.Namespace) -> int:
    """`forensics report`."""
    from forensics.demo import report_case

    print(f"Report: {report_case(arguments.case, arguments.output)}")
    return ALL_READ


def run_demo(arguments: argparse.Namespace) -> int:
    """`forensics demo`."""
    from forensics.demo import demo

    demo(arguments.case)
    return ALL_READ


def run_parsers(arguments: argparse.Namespace) -> int:
    """`forensics parsers`."""
    from forensics.plugins import Registry, missing_imports

    registry = Registry(arguments.plugin)
    known = [k for k in registry.known if arguments.name in (None, k.declaration.name)]
    if arguments.name and not known:
        raise ValueError(f"there is no parser {arguments.name}: `forensics parsers` lists them")
    rows = [
        {
            "name": k.declaration.name,
            "version": k.declaration.version,
            "title": k.declaration.title,
            "tier": k.declaration.tier,
            "files": list(k.declaration.files),
            "magic": list(k.declaration.magic),
            "structure": k.declaration.structure,
            "about": k.declaration.about,
            "plugin": k.origin.module,
            "kind": k.origin.kind,
            "unavailable": missing_imports(k.origin),
        }
        for k in known
    ]
    gone = [{"plugin": u.origin.module, "unavailable": u.reason} for u in registry.unavailable]
    if arguments.json:
        print(json.dumps({"parsers": rows, "unavailable": gone}, indent=1, ensure_ascii=False))
    else:
        _print_parsers(rows, gone, bool(arguments.name))
    return ALL_READ


def _print_parsers(rows: list[dict[str, Any]], gone: list[dict[str, Any]], all_of_it: bool) -> None:
    wide = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        print(f"{row['name']:<{wide}}  {row['tier']:<11}  {row['title']}")
        if row["unavailable"]:
            print(f"{'':<{wide}}  unavailable: {row['unavailable']}")
        if all_of_it:
            print(f"  Plug-in: {row['plugin']} ({row['kind']}), version {row['version']}")
            for label, text in row["about"].items():
                print(f"  {label}: {text}")
    for row in gone:
        print(f"{row['plugin']}  unavailable: {row['unavailable']}")
    if not all_of_it:
        print(
            "\nproven: checked on files written by the real app. documented: made from the published format and tested"
        )
        print("by round trips only. unexercised: neither. More on one: forensics parsers NAME")


def run_explain(arguments: argparse.Namespace) -> int:
    """`forensics explain`."""
    from forensics.identify import identify
    from forensics.plugins import Registry
    from forensics.testing import in_place

    with in_place(arguments.file) as file:
        verdict = identify(file, Registry(arguments.plugin))
        said = {
            "file": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "mime": verdict.kind.mime,
            "magic": verdict.kind.words,
            "owner": verdict.owner.declaration.name if verdict.owner else None,
            "looks": [
                {"parser": k.known.declaration.name, "claim": k.claim.name.lower(), "why": k.why} for k in verdict.looks
            ],
            "problems": [problem.message for problem in (*verdict.problems, *file.problems)],
        }
    if arguments.json:
        print(json.dumps(said, indent=1, ensure_ascii=False))
    else:
        _print_explanation(said)
    return ALL_READ if said["owner"] else PROBLEMS


def _print_explanation(said: dict[str, Any]) -> None:
    print(f"{_safe(said['file'])}: {said['size']:,} bytes, SHA-256 {said['sha256']}")
    print(f"It is {_safe(said['magic'])} ({said['mime']}).")
    for look in said["looks"]:
        print(
            f"  {look['parser']}: "
            + (f"claims it by {look['claim']}, as " if look["claim"] != "none" else "no: ")
            + _safe(look["why"])
        )
    for message in said["problems"]:
        print(f"  problem: {_safe(message)}")
    print(f"Read by {said['owner']}." if said["owner"] else "No parser reads it.")


def run_check(arguments: argparse.Namespace) -> int:
    """`forensics check`."""
    from forensics import testing
    from forensics.plugins import PluginError, Registry

    registry = Registry([arguments.plugin])
    path = Path(arguments.plugin).absolute()
    for unavailable in registry.unavailable:
        if unavailable.origin.path == path:
            raise PluginError(f"{arguments.plugin}: {unavailable.reason}")
    mine = [known for known in registry.known if known.origin.path == path and known.origin.kind == "file"]
    if not mine:
        raise PluginError(f"{arguments.plugin} declares no parser: it needs a function with @parser(...)")
    secrets: dict[str, Any] = {
        "passwords": _passwords(arguments.passwords),
        "keys": tuple(_key(file) for file in arguments.key),
    }
    broken = 0
    for known in mine:
        parser = registry.load(known)
        print(f"{known.declaration.label}: {known.declaration.title}")
        for check in testing.check(parser, arguments.fixture, **secrets):
            broken += check.fault is not None
            print(
                f"  {'ok    ' if check.fault is None else 'BROKEN'}  {check.promise}"
                + (f": {_safe(check.fault)}" if check.fault else "")
            )
        for table, rows in testing.rows(parser, arguments.fixture, **secrets).items():
            print(f"  {len(rows):,} rows in {table}, the first: {_safe(_brief(rows[0]))}")
    return PROBLEMS if broken else ALL_READ


def _brief(row: dict[str, Any]) -> str:
    hidden = ("evidence", "path", "file", "parser")
    return ", ".join(f"{name}={value}" for name, value in row.items() if name not in hidden)[:400]


if __name__ == "__main__":
    sys.exit(main())
