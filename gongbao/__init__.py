"""gongbao (公报): local-government bulletins to comparable county data."""

__version__ = "0.1.0"
