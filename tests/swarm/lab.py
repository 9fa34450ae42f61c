"""A real swarm on one machine: Docker engines in network namespaces of their own.

The engines run as root, each with its own state, address and host name, joined by a bridge in a
namespace of its own, because another engine's firewall on this machine drops bridged frames.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.swarm.image import PROBE_IMAGE, probe_image
from tests.swarm.waiting import wait_until

POOL, POOL_PREFIX = "10.20.0.0/16", 26
_HOME = Path(tempfile.gettempdir()) / "swarmtui-labs"
_TOOLS = ("dockerd", "docker", "ip", "iptables", "nsenter", "unshare", "busybox")


def unavailable() -> str | None:
    """Return in a line why no engine can be started here, None when one can."""
    if os.geteuid() != 0:
        return "real engines need root"
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        return f"real engines need {', '.join(missing)} (Debian: docker.io iproute2 iptables)"
    name = f"stprobe{secrets.token_hex(3)}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"no network namespace can be made here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return None


class Lab:
    """Some engines joined to one swarm: the first two are managers, the others workers.

    Everything of a lab bears its name, so that labs can stand side by side, and a lab whose owner
    was killed can be cleared by the next one.
    """

    def __init__(self, nodes: int = 3, *, owner: int | None = None) -> None:
        self.nodes = nodes
        self.name = f"st{secrets.token_hex(2)}"
        self.folder = _HOME / self.name
        self._owner = os.getpid() if owner is None else owner
        # A block of its own for each lab: engines of two labs must not share addresses by chance.
        self._block = f"192.168.{64 + int(self.name[2:4], 16) % 128}"

    def __enter__(self) -> Self:
        clear_leftovers()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the engines and join them."""
        self.folder.mkdir(parents=True)
        (self.folder / "owner").write_text(f"{self._owner} {_birth(self._owner)}")
        self._make_network()
        for number in self._numbers:
            self.start_engine(number, wait=False)
        for number in self._numbers:
            self._await_engine(number)
        self._join()
        with ThreadPoolExecutor(self.nodes) as pool:
            image = probe_image(self.folder)
            list(pool.map(lambda n: self.docker(n, "load", "-qi", str(image)), self._numbers))
        wait_until(self._all_ready, "swarm of ready nodes")

    def stop(self) -> None:
        """End the engines and remove all that the lab made."""
        _remove(self.folder)

    def address(self, number: int) -> str:
        """Return a node's address."""
        return f"{self._block}.{number}"

    def socket(self, number: int) -> str:
        """Return the path of an engine's socket."""
        return str(self.folder / str(number) / "docker.sock")

    def url(self, number: int) -> str:
        """Return an engine's address for `--host`."""
        return f"unix://{self.socket(number)}"

    def docker(self, number: int, *arguments: str) -> str:
        """Run the docker client against a node and return what it prints.

        An object that somebody else changed at the same moment is changed again, as people do.
        """
        command = ["docker", "-H", self.url(number), *arguments]
        done = _run(command)
        if "update out of sequence" in done.stderr:
            done = _run(command)
        if done.returncode:
            raise AssertionError(f"docker {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def get(self, number: int, path: str) -> Any:
        """Return what a node's engine answers to a path, parsed; independent of our reader."""
        return self.call(number, "GET", path)[1]

    def call(self, number: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and parsed body, None for none, of a node's answer to any call."""
        connection = _UnixConnection(self.socket(number))
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            return response.status, json.loads(answer) if answer.strip() else None
        finally:
            connection.close()

    def on_host(self, number: int, *command: str, given: str | None = None) -> str:
        """Run a command in a node's network namespace and return what it prints."""
        inside = ["nsenter", f"--net=/var/run/netns/{self.name}n{number}", *command]
        done = subprocess.run(inside, input=given, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(f"{' '.join(command)}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def reload_engine(self, number: int, settings: dict[str, Any]) -> None:
        """Give a running engine other settings."""
        folder = self.folder / str(number)
        (folder / "daemon.json").write_text(json.dumps(settings))
        os.kill(int((folder / "daemon").read_text().split()[0]), signal.SIGHUP)

    def start_engine(self, number: int, *, wait: bool = True) -> None:
        """Start an engine that is not running."""
        folder = self.folder / str(number)
        folder.mkdir(exist_ok=True)
        # Its own settings, and not those of an engine that may run on this machine.
        settings = folder / "daemon.json"
        if not settings.exists():
            settings.write_text("{}")
        command = (
            f"hostname node{number}; exec dockerd --config-file {settings} "
            f"--data-root {folder}/data "
            f"--exec-root {folder}/exec -p {folder}/pid -H unix://{folder}/docker.sock"
        )
        with (folder / "log").open("ab") as log:
            # nsenter and not `ip netns exec`, which would hide the cgroup controllers.
            process = subprocess.Popen(
                [
                    *("nsenter", f"--net=/var/run/netns/{self.name}n{number}"),
                    *("unshare", "--uts", "--mount", "sh", "-c", command),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**_bare_environment(), "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
            )
        (folder / "daemon").write_text(f"{process.pid} {_birth(process.pid)}")
        _CHILDREN[process.pid] = process
        if wait:
            self._await_engine(number)

    def stop_engine(self, number: int, sign: signal.Signals = signal.SIGTERM) -> None:
        """End an engine; after SIGKILL its containers and its containerd end too, as in a crash."""
        folder = self.folder / str(number)
        _end(folder / "daemon", sign)
        if sign is signal.SIGKILL:
            _kill_processes_of(folder)
            # A dead containerd that nobody has reaped yet would be taken for a living one.
            (folder / "exec" / "containerd" / "containerd.pid").unlink(missing_ok=True)

    @property
    def _numbers(self) -> range:
        return range(1, self.nodes + 1)

    def _make_network(self) -> None:
        _ip("netns", "add", f"{self.name}sw")
        _ip("-n", f"{self.name}sw", "link", "add", "br0", "type", "bridge")
        for link in ("br0", "lo"):
            _ip("-n", f"{self.name}sw", "link", "set", link, "up")
        for number in self._numbers:
            name, port = f"{self.name}n{number}", f"port{number}"
            _ip("netns", "add", name)
            _ip(
                "-n", name, *f"link add eth0 type veth peer name {port} netns".split(), self._switch
            )
            _ip("-n", self._switch, *f"link set {port} master br0 up".split())
            _ip("-n", name, *f"addr add {self.address(number)}/24 dev eth0".split())
            _ip("-n", name, *["link", "set", "eth0", "up"])
            _ip("-n", name, *["link", "set", "lo", "up"])
            _ip("-n", name, *f"route add default via {self._block}.254".split())

    @property
    def _switch(self) -> str:
        return f"{self.name}sw"

    def _await_engine(self, number: int) -> None:
        def answers() -> bool:
            try:
                return bool(self.get(number, "/info"))
            except (OSError, http.client.HTTPException, ValueError):
                return False

        try:
            wait_until(answers, f"answer from engine {number}")
        except AssertionError as error:
            log = (self.folder / str(number) / "log").read_text(errors="replace")
            raise AssertionError(f"{error}\n{log[-3000:]}") from None

    def _join(self) -> None:
        self.docker(
            1,
            "swarm",
            "init",
            "--advertise-addr",
            self.address(1),
            "--default-addr-pool",
            POOL,
            "--default-addr-pool-mask-length",
            str(POOL_PREFIX),
        )
        tokens = {role: self.docker(1, "swarm", "join-token", "-q", role) for role in _ROLES}
        for number in self._numbers[1:]:
            token = tokens["manager" if number == 2 and self.nodes >= 3 else "worker"]
            self.docker(number, "swarm", "join", "--token", token, f"{self.address(1)}:2377")

    def _all_ready(self) -> bool:
        states = [node["Status"]["State"] for node in self.get(1, "/nodes")]
        return states == ["ready"] * self.nodes


_ROLES = ("manager", "worker")
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def clear_leftovers() -> None:
    """Remove labs whose owner is gone; those of the living stay."""
    for folder in _HOME.glob("st*"):
        try:
            pid, birth = (folder / "owner").read_text().split()
        except (OSError, ValueError):
            continue  # just being made
        if _birth(int(pid)) != birth:
            _remove(folder)


def _remove(folder: Path) -> None:
    if not folder.exists():
        return
    daemons = sorted(folder.glob("*/daemon"))
    with ThreadPoolExecutor(max(len(daemons), 1)) as pool:
        list(pool.map(lambda daemon: _end(daemon, signal.SIGKILL), daemons))
    _kill_processes_of(folder)
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in sorted((each for each in mounts if each.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "-l", mount], capture_output=True, check=False)
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        if line.startswith(folder.name):
            _ip("netns", "del", line.split()[0])
    shutil.rmtree(folder, ignore_errors=True)


def _kill_processes_of(folder: Path) -> None:
    for process in _processes_of(folder):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    wait_until(lambda: not _processes_of(folder), "end of the processes of an engine")


def _processes_of(folder: Path) -> list[int]:
    """Return the processes that live on a folder: engines, and what runs in their containers.

    They are told by their mounts, which no process outside the engines' mount namespaces sees.
    """
    found = []
    ours = os.readlink("/proc/self/ns/mnt")
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                elsewhere = os.readlink(entry / "ns" / "mnt") != ours
                if elsewhere and f"{folder}/" in (entry / "mountinfo").read_text():
                    found.append(int(entry.name))
    return found


def _end(daemon: Path, sign: signal.Signals) -> None:
    try:
        pid, birth = daemon.read_text().split()
    except OSError:
        return
    if _birth(int(pid)) != birth:
        return
    with suppress(ProcessLookupError):
        os.kill(int(pid), sign)

    def ended() -> bool:
        child = _CHILDREN.get(int(pid))
        if child is not None:
            return child.poll() is not None
        return _birth(int(pid)) != birth

    wait_until(ended, f"end of process {pid}", 20)
    daemon.unlink(missing_ok=True)


def _birth(pid: int) -> str:
    """Return when a process began, so that another with its number is not taken for it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "gone"
    fields = stat.rpartition(")")[2].split()
    return "gone" if fields[0] == "Z" else fields[19]


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=_bare_environment()
    )


def _bare_environment() -> dict[str, str]:
    """Return the environment without what would send docker elsewhere."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")}
    # An engine starts itself anew for each sandbox that it makes: half of what that costs is spent
    # on collecting garbage.
    return {**bare, "GOGC": "400"}


def run_all(commands: Sequence[tuple[int, Sequence[str]]], lab: Lab) -> list[str]:
    """Run docker commands on nodes side by side."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda each: lab.docker(each[0], *each[1]), commands))


__all__ = ["PROBE_IMAGE", "Lab", "clear_leftovers", "run_all", "unavailable"]
