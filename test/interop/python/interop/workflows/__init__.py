"""Workflows written in Python. Importing this registers them all."""
from . import across, chains, chords, duplicates, errors, groups, replacing, signatures
from .registry import run, workflows

__all__ = ["across", "chains", "chords", "duplicates", "errors", "groups", "replacing", "run", "signatures", "workflows"]
