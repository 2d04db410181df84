"""The download of the published data, against a server on this machine with bad manners."""

import asyncio
import errno
import hashlib
import io
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from model.download import Limits, download_dataset, fetch
from model.errors import DownloadError
from model.partial_file import PartialFile

CONTENT = b"PK" + random.Random(7).randbytes(200_003)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
CUT = 70_001
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/data.zip", handler)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/data.zip"))


async def get(url: str, destination: Path, **limits: float) -> list[tuple[int, int | None]]:
    reports: list[tuple[int, int | None]] = []
    settings = {"pause_s": 0.0, "total_s": 20.0, **limits}
    await fetch(
        url,
        destination,
        report=lambda have, total: reports.append((have, total)),
        sha256=SHA256,
        limits=Limits(**settings),  # pyright: ignore[reportArgumentType]
    )
    return reports


async def fault(handler: Handler, destination: Path, **limits: float) -> str:
    async with serving(handler) as url:
        with pytest.raises(DownloadError) as caught:
            await get(url, destination, **limits)
    assert destination.name not in names_in(destination.parent)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def part_of(destination: Path) -> Path:
    return destination.with_name(destination.name + ".part")


def ranged(request: web.Request, content: bytes = CONTENT) -> web.Response:
    """What a well-behaved server answers."""
    start = request.http_range.start
    if start is None:
        return web.Response(body=content)
    if start >= len(content):
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    where = f"bytes {start}-{len(content) - 1}/{len(content)}"
    return web.Response(status=206, body=content[start:], headers={"Content-Range": where})


async def send_and_cut(request: web.Request, piece: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(CONTENT))})
    await response.prepare(request)
    await response.write(piece)
    assert request.transport is not None
    request.transport.close()
    return response


async def test_the_whole_file_arrives_and_nothing_else_is_left(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return ranged(request)

    destination = tmp_path / "new folder" / "data.zip"
    async with serving(handler) as url:
        reports = await get(url, destination)
    assert destination.read_bytes() == CONTENT
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert list(destination.parent.iterdir()) == [destination]


async def test_a_cut_connection_is_resumed_where_it_stopped(tmp_path: Path) -> None:
    asked: list[str | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Range"))
        if len(asked) == 1:
            return await send_and_cut(request, CONTENT[:CUT])
        return ranged(request)

    async with serving(handler) as url:
        await get(url, tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes() == CONTENT
    assert asked == [None, f"bytes={CUT}-"]


async def test_a_later_run_goes_on_where_an_earlier_one_stopped(tmp_path: Path) -> None:
    asked: list[str | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Range"))
        return ranged(request)

    part_of(tmp_path / "data.zip").write_bytes(CONTENT[:CUT])
    async with serving(handler) as url:
        await get(url, tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes() == CONTENT
    assert asked == [f"bytes={CUT}-"]


async def test_a_server_that_ignores_the_range_starts_the_file_anew(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=CONTENT)

    part_of(tmp_path / "data.zip").write_bytes(CONTENT[:CUT])
    async with serving(handler) as url:
        await get(url, tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


async def test_a_part_that_is_already_whole_is_only_checked(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return ranged(request)

    part_of(tmp_path / "data.zip").write_bytes(CONTENT)
    async with serving(handler) as url:
        assert await get(url, tmp_path / "data.zip") == []
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "stale", [b"PK" + b"x" * CUT, b"PK" + b"x" * (len(CONTENT) + 5)], ids=["shorter", "longer"]
)
async def test_a_part_of_another_file_is_thrown_away(tmp_path: Path, stale: bytes) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return ranged(request)

    part_of(tmp_path / "data.zip").write_bytes(stale)
    async with serving(handler) as url:
        await get(url, tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


async def test_an_answer_for_another_range_is_not_appended(tmp_path: Path) -> None:
    asked: list[str | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Range"))
        if len(asked) > 1:
            return ranged(request)
        where = f"bytes 10-{len(CONTENT) - 1}/{len(CONTENT)}"
        return web.Response(status=206, body=CONTENT[10:], headers={"Content-Range": where})

    part_of(tmp_path / "data.zip").write_bytes(CONTENT[:CUT])
    async with serving(handler) as url:
        await get(url, tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes() == CONTENT
    assert asked == [f"bytes={CUT}-", None]


async def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    calls = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        return ranged(request) if calls == 3 else web.Response(status=503)

    async with serving(handler) as url:
        await get(url, tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


async def test_a_server_that_stays_busy_is_named_with_its_status(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    assert "answers 503 Service Unavailable" in await fault(handler, tmp_path / "data.zip")


async def test_a_wrong_checksum_leaves_nothing_behind(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=CONTENT[:-1] + b"!")

    line = await fault(handler, tmp_path / "data.zip")
    assert "wrong checksum" in line
    assert names_in(tmp_path) == []


async def test_an_error_status_is_named_and_not_asked_again(tmp_path: Path) -> None:
    calls = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        return web.Response(status=404)

    line = await fault(handler, tmp_path / "data.zip")
    assert "answers 404 Not Found" in line
    assert "DATASET_URL" in line
    assert calls == 1


async def test_a_sign_in_page_is_not_taken_for_the_data(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Sign in</html>", content_type="text/html")

    assert "web page" in await fault(handler, tmp_path / "data.zip")


async def test_what_does_not_begin_like_a_zip_is_refused_at_its_first_bytes(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"userID\tartistID", content_type="application/zip")

    assert "is no zip file" in await fault(handler, tmp_path / "data.zip")


@pytest.mark.parametrize("announced", [True, False])
async def test_a_file_that_is_too_large_is_refused(tmp_path: Path, announced: bool) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if announced:
            return web.Response(body=CONTENT)
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(CONTENT)
        return response

    line = await fault(handler, tmp_path / "data.zip", size=len(CONTENT) - 1)
    assert "is larger than" in line
    assert not part_of(tmp_path / "data.zip").exists()


async def test_a_slow_drip_ends_at_the_time_limit_and_keeps_what_came(tmp_path: Path) -> None:
    never = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(CONTENT))})
        await response.prepare(request)
        await response.write(CONTENT[:CUT])
        await never.wait()
        return response

    async with serving(handler) as url:
        with pytest.raises(DownloadError, match=r"not finished within .* s; run the same again"):
            await get(url, tmp_path / "data.zip", total_s=0.3)
        never.set()
    assert part_of(tmp_path / "data.zip").read_bytes() == CONTENT[:CUT]


async def test_a_silent_server_counts_as_cut_off(tmp_path: Path) -> None:
    never = asyncio.Event()
    calls = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        if calls == 1:
            await never.wait()
        return ranged(request)

    async with serving(handler) as url:
        await get(url, tmp_path / "data.zip", silence_s=0.2)
        never.set()
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


async def test_a_refused_connection_is_named_at_once(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/data.zip"
        with pytest.raises(DownloadError, match=r"no connection to 127\.0\.0\.1 .*--data PATH"):
            await get(url, tmp_path / "data.zip")


async def test_a_name_that_does_not_resolve_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*arguments: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    with pytest.raises(DownloadError, match=r"the name data\.invalid cannot be resolved"):
        await get("http://data.invalid/data.zip", tmp_path / "data.zip")


@pytest.mark.parametrize("address", ["nonsense", "ftp://a.example/b.zip", "http://a..b/data.zip"])
async def test_what_is_no_web_address_is_named(tmp_path: Path, address: str) -> None:
    with pytest.raises(DownloadError) as caught:
        await get(address, tmp_path / "data.zip")
    assert str(caught.value).startswith(f"{address}: is no web address; check DATASET_URL")


def test_a_folder_in_the_place_of_the_file_is_named_before_anything_is_fetched(
    tmp_path: Path,
) -> None:
    (tmp_path / "data.zip").mkdir()
    with pytest.raises(DownloadError, match=r"data\.zip: is a folder; name the file to make"):
        download_dataset("http://127.0.0.1:9/data.zip", tmp_path / "data.zip")


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path, sha256: str) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("model.download.has_checksum", forbidden)
    with pytest.raises(DownloadError, match="Permission denied"):
        download_dataset("http://127.0.0.1:9/", tmp_path / "data.zip")


async def test_a_terminal_sees_a_bar(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return ranged(request)

    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    destination = tmp_path / "data.zip"
    async with serving(handler) as url:
        await asyncio.to_thread(download_dataset, url, destination, console=console, sha256=SHA256)
    assert destination.read_bytes() == CONTENT
    assert "Last.fm data" in screen.getvalue()
    assert "200.0/200.0 kB" in screen.getvalue()


async def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: PartialFile, piece: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(part.path))

    async def handler(request: web.Request) -> web.StreamResponse:
        return ranged(request)

    monkeypatch.setattr(PartialFile, "append", full)
    assert "the disk is full; free some space" in await fault(handler, tmp_path / "data.zip")


def test_a_file_that_is_already_right_is_not_fetched(tmp_path: Path) -> None:
    destination = tmp_path / "data.zip"
    destination.write_bytes(CONTENT)
    assert download_dataset("http://127.0.0.1:9/", destination, sha256=SHA256) == destination
