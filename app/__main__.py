"""``python -m app``: serve the portal, serve the sandbox alone, check a configuration."""

from app.cli import cli

cli(prog_name="python -m app")
