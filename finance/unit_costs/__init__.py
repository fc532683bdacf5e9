"""Unit costs of travel: one amount for a return journey by its distance, whatever was really paid."""
