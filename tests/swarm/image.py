"""The image that every container of the lab runs, made without a builder or a registry."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from pathlib import Path

PROBE_IMAGE = "127.0.0.1:9/probe:1"
"""In a registry that refuses at once: an unreachable one costs seconds for each task."""


def probe_image(folder: Path) -> Path:
    """Write an archive for `docker load`: busybox that sleeps, and dies at once when asked to."""
    busybox = shutil.which("busybox")
    assert busybox is not None
    layer = _tar({"bin/busybox": Path(busybox).read_bytes(), "bin/sh": Path(busybox).read_bytes()})
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            # busybox as the first process ignores SIGTERM, and every update would wait for it.
            "config": {"Cmd": ["/bin/busybox", "sleep", "86400"], "StopSignal": "SIGKILL"},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{_digest(layer)}"]},
        }
    ).encode()
    manifest = [
        {
            "Config": f"{_digest(config)}.json",
            "RepoTags": [PROBE_IMAGE],
            "Layers": ["layer.tar"],
        }
    ]
    archive = folder / "probe.tar"
    archive.write_bytes(
        _tar(
            {
                "manifest.json": json.dumps(manifest).encode(),
                f"{_digest(config)}.json": config,
                "layer.tar": layer,
            }
        )
    )
    return archive


def _tar(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return written.getvalue()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
