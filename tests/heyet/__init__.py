"""Tests of heyet."""
