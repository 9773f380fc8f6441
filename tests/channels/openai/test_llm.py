"""The command `llm`, told of this service by the file that docs/channels/openai.md shows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from channels.running import Server

LLM = Path(sys.executable).parent / "llm"


@pytest.fixture
def home(server: Server, tmp_path: Path) -> Path:
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: qa\n  model_name: qa-service\n  api_base: http://127.0.0.1:{server.port}/v1\n"
    )
    return tmp_path


def llm(home: Path, *arguments: str) -> str:
    surroundings = os.environ | {"LLM_USER_PATH": str(home), "OPENAI_API_KEY": "none"}
    done = subprocess.run(
        [LLM, *arguments], env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("options", [(), ("--no-stream",)])
def test_it_asks_and_follows_up(home: Path, options: tuple[str, ...]) -> None:
    first = llm(home, "prompt", "-m", "qa", *options, "What does Norway think of the dam?")
    second = llm(home, "prompt", "-m", "qa", "--continue", *options, "And Sweden?")

    assert "protects the valley" in first
    assert "**Sources**\n\n1. [" in first
    assert "starves its farmers" in second
