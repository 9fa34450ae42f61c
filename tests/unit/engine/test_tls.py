from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from swarmtui.engine.connection import Endpoint, Tls
from swarmtui.engine.transport import ReadOnlyClient
from swarmtui.errors import EngineGarbled, EngineTimedOut, EngineTlsFailed
from tests.recording import RecordingEngine, reply

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="there is no openssl to make certificates")


def openssl(folder: Path, *words: str) -> None:
    assert OPENSSL is not None
    subprocess.run((OPENSSL, *words), cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path, name: str) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    files = ("-keyout", f"{name}-key.pem", "-out", f"{name}.pem")
    openssl(folder, "req", "-x509", *key, *files, "-subj", f"/CN={name}", "-days", "2")


def make_certificate(folder: Path, name: str, names: str) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(
        folder, "req", *key, "-keyout", f"{name}-key.pem", "-out", "csr", "-subj", f"/CN={name}"
    )
    (folder / "extensions").write_text(f"subjectAltName={names}\n")
    authority = ("-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "2")
    files = ("-in", "csr", "-out", f"{name}.pem", "-extfile", "extensions")
    openssl(folder, "x509", "-req", *authority, *files)


@pytest.fixture(scope="module")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certs")
    make_authority(folder, "ca")
    make_authority(folder, "other-ca")
    make_certificate(folder, "server", "IP:127.0.0.1")
    make_certificate(folder, "elsewhere", "DNS:elsewhere.example")
    make_certificate(folder, "client", "DNS:me")
    openssl(
        folder, "ec", "-aes128", "-passout", "pass:x", "-in", "client-key.pem", "-out", "locked"
    )
    return folder


@pytest.fixture(scope="module")
def tls(certs: Path) -> Tls:
    """The way in: the right authority and a certificate of ours."""
    return Tls(f"{certs}/ca.pem", f"{certs}/client.pem", f"{certs}/client-key.pem")


def server_context(certs: Path, name: str = "server", *, wants_ours: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certs / f"{name}.pem", certs / f"{name}-key.pem")
    if wants_ours:
        context.load_verify_locations(certs / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@pytest.fixture
def engine(certs: Path) -> Iterator[RecordingEngine]:
    answers = {"/info": reply({"ID": "x"}), "/tasks": reply(b"x" * (4 << 20))}
    with RecordingEngine(answers, tls=server_context(certs)) as engine:
        yield engine


def opened(engine: RecordingEngine, tls: Tls | None) -> ReadOnlyClient:
    return ReadOnlyClient(Endpoint(engine.url, tls), timeout_seconds=2)


def failure(engine: RecordingEngine, tls: Tls | None) -> EngineTlsFailed:
    with pytest.raises(EngineTlsFailed) as caught:
        opened(engine, tls)
    assert engine.requests == []
    assert caught.value.explanation
    return caught.value


def test_reading_through_tls_on_one_connection(engine: RecordingEngine, tls: Tls) -> None:
    client = opened(engine, tls)
    assert client.fetch("/info", {}) == b'{"ID": "x"}'
    assert client.fetch("/tasks", {}) == b"x" * (4 << 20)
    client.close()
    assert engine.connections == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_an_engine_that_wants_a_certificate_of_ours(
    certs: Path, tls: Tls, version: ssl.TLSVersion
) -> None:
    context = server_context(certs)
    context.maximum_version = version
    with RecordingEngine(tls=context) as engine:
        assert "cert.pem" in failure(engine, replace(tls, cert="", key="")).hint
        assert "cert.pem" in failure(engine, replace(tls, key="")).hint


def test_events_wake_through_tls(engine: RecordingEngine, tls: Tls) -> None:
    fire = threading.Semaphore(0)

    def events(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        fire.acquire()
        connection.sendall(b"2\r\n{}\r\n")
        stopping.wait()

    engine.answers["/events"] = events
    client = opened(engine, tls)
    stream = client.open_events()
    fire.release()
    assert stream.wait()
    stream.close()
    assert not stream.wait()
    stream.release()
    client.close()


def test_a_slow_engine_behind_tls_is_cut(engine: RecordingEngine, tls: Tls) -> None:
    def drip(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not stopping.wait(0.02):
            connection.sendall(b"x")

    engine.answers["/nodes"] = drip
    client = ReadOnlyClient(Endpoint(engine.url, tls), timeout_seconds=0.2)
    with pytest.raises(EngineTimedOut):
        client.fetch("/nodes", {})
    client.close()


def test_an_authority_that_is_not_ours(engine: RecordingEngine, certs: Path, tls: Tls) -> None:
    told = failure(engine, replace(tls, ca=str(certs / "other-ca.pem")))
    assert "CERTIFICATE_VERIFY_FAILED" in told.explanation
    assert "ca.pem" in told.hint
    failure(engine, replace(tls, ca=""))  # the machine's own authorities


def test_a_certificate_for_another_host(certs: Path, tls: Tls) -> None:
    with RecordingEngine(tls=server_context(certs, "elsewhere")) as engine:
        assert "127.0.0.1" in failure(engine, tls).explanation
        opened(engine, replace(tls, verify=False)).close()


def test_without_verification_any_certificate_will_do(certs: Path) -> None:
    with RecordingEngine(tls=server_context(certs, wants_ours=False)) as engine:
        opened(engine, Tls(verify=False)).close()
        opened(engine, Tls(ca=str(certs / "other-ca.pem"), verify=False)).close()


@pytest.mark.parametrize("part", ["ca", "cert", "key"])
@pytest.mark.parametrize("file", ["missing.pem", "csr", "locked"])
def test_files_that_cannot_be_used_are_named(
    certs: Path, tls: Tls, engine: RecordingEngine, part: str, file: str
) -> None:
    bad = str(certs / file)
    changed = {"ca": replace(tls, ca=bad), "cert": replace(tls, cert=bad)}
    told = failure(engine, changed.get(part) or replace(tls, key=bad))
    assert told.title == "The files for TLS cannot be used"
    assert file != "missing.pem" or bad in told.explanation


def test_tls_to_an_engine_in_the_clear(tls: Tls) -> None:
    with RecordingEngine(tcp=True) as engine:
        assert "unset DOCKER_TLS_VERIFY" in failure(engine, tls).hint


def test_no_tls_to_an_engine_that_wants_it(engine: RecordingEngine) -> None:
    """Go's servers say so (tested elsewhere), this one hangs up."""
    with pytest.raises(EngineGarbled) as caught:
        opened(engine, None)
    assert "DOCKER_TLS_VERIFY" in caught.value.hint
