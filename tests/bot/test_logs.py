import json
import logging
from datetime import datetime

import pytest

from bot.logs import set_up_logging


def test_text_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    logging.getLogger("bot.client").info("ready in %d servers", 3)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.rstrip().endswith("INFO    bot.client: ready in 3 servers")


def test_json_lines_are_one_object_each(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("json", "INFO")
    log = logging.getLogger("bot.boundary")
    log.warning("Sigur Rós\nfailed")
    log.error("/recommend failed", exc_info=ValueError("broken"))
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["level"], first["logger"]) == ("WARNING", "bot.boundary")
    assert first["message"] == "Sigur Rós\nfailed"
    assert datetime.fromisoformat(first["time"]).utcoffset() is not None
    assert "traceback" not in first
    assert "ValueError: broken" in second["traceback"]


@pytest.mark.parametrize(("level", "shown"), [("INFO", 2), ("WARNING", 1), ("ERROR", 0)])
def test_the_level_is_kept(capsys: pytest.CaptureFixture[str], level: str, shown: int) -> None:
    set_up_logging("text", level)
    logging.getLogger("bot").info("one")
    logging.getLogger("bot").warning("two")
    assert len(capsys.readouterr().err.splitlines()) == shown


def test_discord_never_tells_its_requests(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "DEBUG")
    logging.getLogger("discord.http").debug("POST /interactions/1/token-of-a-member/callback")
    logging.getLogger("bot").debug("ours")
    shown = capsys.readouterr().err
    assert "token-of-a-member" not in shown
    assert "ours" in shown


def test_setting_up_twice_does_not_double_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        set_up_logging("text", "INFO")
    logging.getLogger("bot").info("once")
    assert len(capsys.readouterr().err.splitlines()) == 1
