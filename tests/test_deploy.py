"""What deploy/ holds agrees with docs/operations.md, parses, names what exists; nginx does what its site promises."""

import configparser
import contextlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

from tests import environment
from tests.browser.site import served

pytestmark = pytest.mark.once

DEPLOY = environment.ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service")) + sorted((DEPLOY / "systemd").glob("*.timer"))
COMMON = DEPLOY / "systemd" / "register-.service.d" / "register.conf"
NAME = "register.example"
# Variables of docs/operations.md that a running site does not read.
OF_DEVELOPMENT = {"TEST_DATABASE_URL", "BENCH_POSTGRESQL", "HTML_CHECKER"}

needs_nginx = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx and openssl are not here"
)


# -- Files that agree ------------------------------------------------------------------------------------------------


def test_the_template_of_the_environment_and_the_operations_page_name_the_same_variables() -> None:
    page = (environment.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.split("## Environment", 1)[1].split("\n## ", 1)[0]
    documented = {name for row in re.findall(r"^\| (.+?) \|", table, re.M) for name in re.findall(r"`([A-Z_]+)`", row)}
    template = (DEPLOY / "register.env").read_text(encoding="utf-8")
    named = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", template, re.M)
    assert len(named) == len(set(named)) > 20
    assert set(named) == documented - OF_DEVELOPMENT | {"SECRET_KEY_FILE"}
    set_in_it = dict(line.split("=", 1) for line in template.splitlines() if re.match(r"[A-Z]", line))
    assert set_in_it["HTTPS"] == "1" and set_in_it["ALLOWED_HOSTS"] == NAME and "DEBUG" not in set_in_it


def commands_in(text: str) -> set[str]:
    return set(re.findall(r"manage\.py ([a-z_]+)", text))


def test_every_command_that_a_unit_the_image_or_the_page_names_exists() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*UNITS, DEPLOY / "Containerfile")]
    texts.append((environment.ROOT / "docs" / "operations.md").read_text(encoding="utf-8"))
    named = set().union(*map(commands_in, texts))
    assert {"prepare", "serve", "backup", "forget", "keep_snapshot"} <= named
    assert named - set(get_commands()) == set()


def unit(path: Path) -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser(strict=False, delimiters="=", comment_prefixes="#")
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(path.read_text(encoding="utf-8"))
    return parsed


def test_every_timer_has_its_service_and_catches_up_on_what_it_slept_through() -> None:
    timers = [path for path in UNITS if path.suffix == ".timer"]
    assert len(timers) == 3
    for path in timers:
        assert path.with_suffix(".service") in UNITS
        timer = unit(path)
        assert timer["Timer"]["OnCalendar"] and timer["Timer"]["Persistent"] == "true"
        assert unit(path.with_suffix(".service"))["Service"]["Type"] == "oneshot"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_the_units_and_finds_little_that_they_might_do(tmp_path: Path) -> None:
    """With a command that exists in place of that of the machine that they are for."""
    shutil.copytree(DEPLOY / "systemd", tmp_path / "units")
    for path in (tmp_path / "units").glob("*.service"):
        path.write_text(path.read_text().replace("/srv/register/.venv/bin/python", "/bin/true"))
    # The directory is looked at before those of the system, which hold network-online.target and the like.
    shell = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path / 'units'}:"}
    names = [path.name for path in UNITS]
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], env=shell, capture_output=True, text=True, check=False
    )
    ours = [line for line in ran.stderr.splitlines() if "register" in line]
    assert ran.returncode == 0 and ours == []
    for path in UNITS:
        if path.suffix == ".service":
            assert exposure(path.name, shell) <= 2.0


def exposure(name: str, shell: dict[str, str]) -> float:
    """From 0 to 10, as systemd counts what a service could do: a plain one has 9.6."""
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", name],
        env=shell, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    (level,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)
    return float(level)


def test_the_image_installs_the_lock_alone_copies_what_there_is_and_runs_as_nobody_special() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", text).splitlines()
    installs = [line for line in lines if "pip" in line and " install" in line]
    assert installs and all("--require-hashes" in line and "requirements.txt" in line for line in installs)
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line]
    assert copied and all((environment.ROOT / name).exists() for names in copied for name in names)
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users[-1:] == ["register"] and not [line for line in lines if re.match(r"(ENV|ARG).*SECRET_KEY", line)]


# -- nginx -----------------------------------------------------------------------------------------------------------


class Echo(BaseHTTPRequestHandler):
    """A portal that answers with what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = f"{self.path}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Proxy:
    """nginx with the site of deploy/, on ports of this test's own."""

    def __init__(self, directory: Path, upstream: int) -> None:
        self.directory, self.http, self.https = directory, environment.free_port(), environment.free_port()
        certificate(directory)
        self.config = directory / "nginx.conf"
        self.config.write_text(self.around(self.site(upstream)))

    def site(self, upstream: int) -> str:
        text = (DEPLOY / "nginx" / "register.conf").read_text(encoding="utf-8")
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.M)
        for before, after in (
            ("listen 80", f"listen 127.0.0.1:{self.http}"),
            ("listen 443", f"listen 127.0.0.1:{self.https}"),
            ("server 127.0.0.1:8000", f"server 127.0.0.1:{upstream}"),
            ("/etc/ssl/register", str(self.directory)),
            ("/var/log/nginx", str(self.directory)),
        ):
            assert before in text
            text = text.replace(before, after)
        return text

    def around(self, site: str) -> str:
        paths = "".join(
            f"{kind}_temp_path {self.directory}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        return (
            f"{user}daemon off;\npid {self.directory}/pid;\nerror_log {self.directory}/nginx.log;\n"
            f"worker_processes 1;\nevents {{}}\nhttp {{\n{paths}{site}\n}}\n"
        )

    def run(self, *more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["nginx", "-p", str(self.directory), "-c", str(self.config), *more])

    def tested(self) -> subprocess.CompletedProcess[str]:
        command = ["nginx", "-t", "-p", str(self.directory), "-c", str(self.config)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def ask(self, method: str, path: str, body: bytes = b"", host: str = NAME, **headers: str) -> Any:
        """The answer by https; its text in `text`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.https, timeout=20)
        connection.sock = self.connect()
        sent = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, body or None, sent)
        answer: Any = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer

    def ask_often(self, path: str, times: int = 90) -> list[int]:
        """The statuses of so many requests in one connection, as fast as they are answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.https, timeout=20)
        connection.sock = self.connect()
        statuses = []
        for _ in range(times):
            connection.request("GET", path, headers={"Host": NAME})
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
        return statuses

    def connect(self, name: str = NAME) -> ssl.SSLSocket:
        trusting = ssl.create_default_context(cafile=str(self.directory / "fullchain.pem"))
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=20)
        return trusting.wrap_socket(plain, server_hostname=name)

    def raw(self, *lines: str, body: str = "") -> bytes:
        """What comes back for these bytes by http, '' where the connection is closed without a word."""
        with socket.create_connection(("127.0.0.1", self.http), timeout=20) as plain:
            plain.sendall("\r\n".join([*lines, "", body]).encode())
            return plain.recv(65536)


def certificate(directory: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", str(directory / "privkey.pem"), "-out", str(directory / "fullchain.pem"), "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"],
        check=True, capture_output=True,
    )  # fmt: skip


@contextlib.contextmanager
def in_front_of(port: int, directory: Path) -> Iterator[Proxy]:
    proxy = Proxy(directory, port)
    process = proxy.run()
    try:
        wait_for(proxy.https)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"Nobody listens on port {port}")


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """In front of an echo: what a test finds in its answers is what the portal would be sent."""
    echo = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    with in_front_of(echo.server_port, tmp_path) as running:
        yield running
    echo.shutdown()
    echo.server_close()


@needs_nginx
def test_nginx_takes_the_site_without_a_warning(tmp_path: Path) -> None:
    done = Proxy(tmp_path, 8000).tested()
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr


@needs_nginx
def test_another_name_gets_no_answer_and_no_certificate(proxy: Proxy) -> None:
    for host in ("elsewhere.example", f"{NAME}.elsewhere.example", "127.0.0.1"):
        assert proxy.raw("GET / HTTP/1.1", f"Host: {host}") == b""
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            proxy.ask("GET", "/", host=host)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        proxy.connect("elsewhere.example")
    assert b"308" in proxy.raw("GET /a?b=c HTTP/1.1", f"Host: {NAME}").splitlines()[0]


@needs_nginx
def test_what_a_visitor_says_of_the_proxy_is_overwritten(proxy: Proxy) -> None:
    forged: Any = {
        "X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "http", "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Port": "1", "X_Forwarded_Prefix": "/evil", "X_Real_IP": "203.0.113.7",
        "Forwarded": "for=203.0.113.7;host=evil.example", "X_Request_ID": "evil",
    }  # fmt: skip
    seen = proxy.ask("GET", "/?q=1", **forged).text
    assert "X-Forwarded-For: 127.0.0.1\n" in seen and "X-Forwarded-Proto: https\n" in seen
    assert "evil" not in seen and "203.0.113.7" not in seen and f"Host: {NAME}\n" in seen


@needs_nginx
def test_a_request_with_two_lengths_a_trace_and_a_long_address_go_no_further(proxy: Proxy) -> None:
    host = f"Host: {NAME}"
    for lengths in (("Content-Length: 4", "Transfer-Encoding: chunked"), ("Content-Length: 4", "Content-Length: 5")):
        answers = proxy.raw("POST / HTTP/1.1", host, *lengths, body="0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n")
        assert b" 400 " in answers.splitlines()[0] and b"smuggled" not in answers
    assert proxy.ask("TRACE", "/").status == 405
    assert proxy.ask("GET", "/" + "a" * 9000).status == 414
    assert re.search(r"^Server: nginx$", str(proxy.ask("GET", "/").headers), re.M)


@needs_nginx
def test_only_forms_that_take_files_may_be_large(proxy: Proxy) -> None:
    body = bytes(1_500_000)
    assert proxy.ask("POST", "/meeting-check/", body).status == 413
    for path in ("/requests/new/", "/fr/requests/continue/x/", "/admin/desk/importrun/add/"):
        assert proxy.ask("POST", path, body).status == 200, path
    assert proxy.ask("POST", "/requests/new/", bytes(23 * 1024 * 1024)).status == 413


@needs_nginx
def test_logins_and_files_are_limited_and_forms_that_are_only_looked_at_are_not(proxy: Proxy) -> None:
    for path in ("/admin/login/", "/fr/admin/second-factor/code/"):
        assert {proxy.ask("GET", path).status for _ in range(12)} == {200}
    sent = [proxy.ask("POST", "/admin/login/", b"a=b").status for _ in range(20)]
    assert sent.count(200) <= 7 and set(sent[7:]) == {429}
    assert proxy.ask_often("/organizations.csv").count(429) >= 10
    assert set(proxy.ask_often("/static/a.css")) == {200}


@needs_nginx
def test_the_log_holds_neither_questions_nor_secrets_nor_whole_addresses(proxy: Proxy) -> None:
    proxy.ask("GET", "/search/?q=a-person", User_Agent="an-agent", Referer="https://a-referrer.example/")
    for path in ("/contacts/confirm/", "/es/requests/continue/", "/admin/reset/Mg/"):
        proxy.ask("GET", f"{path}a-secret/?x=a-person")
    assert proxy.ask_often("/meetings.csv?q=a-person").count(429) >= 10
    log = (proxy.directory / "register.log").read_text()
    assert '"path":"/search/"' in log and '"from":"127.0.0.0"' in log and '"/contacts/confirm/..."' in log
    logs = "".join(path.read_text() for path in proxy.directory.glob("*.log"))
    assert [word for word in ("a-person", "a-secret", "127.0.0.1", "an-agent", "a-referrer") if word in logs] == []


@contextlib.contextmanager
def behind_nginx(directory: Path) -> Iterator[Proxy]:
    """The portal as the files of deploy/ have it: https, its own name, one proxy that is believed."""
    port = environment.free_port()
    with environment.own_database(directory, "register_deployed", environment.REGISTER) as database:
        settings = environment.portal(
            directory / "var", DATABASE_URL=database, PORT=str(port), HTTPS="1", PAGE_CACHE="1", ALLOWED_HOSTS=NAME,
            TRUSTED_PROXIES="127.0.0.1",
        )  # fmt: skip
        done = environment.manage("prepare", settings=settings)
        assert done.returncode == 0, done.stderr
        with (directory / "serve.txt").open("w") as log, served(settings, log.fileno()):
            wait_for(port)
            with in_front_of(port, directory) as proxy:
                yield proxy


@needs_nginx
@pytest.mark.slow
def test_the_register_behind_nginx_is_the_site_that_it_is_to_be(tmp_path: Path) -> None:
    with behind_nginx(tmp_path) as proxy:
        home = proxy.ask("GET", "/")
        assert home.status == 200 and "max-age=31536000" in home.headers["Strict-Transport-Security"]
        assert home.headers.get_all("Strict-Transport-Security") == [home.headers["Strict-Transport-Security"]]
        sheet = re.findall(r'href="(/static/[^"]+\.css)"', home.text)[0]
        assert proxy.ask("GET", sheet).status == 200
        login = proxy.ask("GET", "/admin/login/")
        assert login.status == 200 and login.headers["Set-Cookie"].startswith("__Host-csrftoken=")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', login.text)[0]
        said = f"csrfmiddlewaretoken={token}&username=nobody&password=wrong".encode()
        form: Any = {"Content_Type": "application/x-www-form-urlencoded", "Referer": f"https://{NAME}/admin/login/"}
        cookie = login.headers["Set-Cookie"].split(";")[0]
        for origin, status in ((f"https://{NAME}", 200), ("https://evil.example", 403)):
            sent = proxy.ask("POST", "/admin/login/", said, Cookie=cookie, Origin=origin, **form)
            assert sent.status == status, sent.text
        assert proxy.ask("GET", "/readyz").status in (200, 503) and proxy.ask("GET", "/metrics").status == 404
