"""Figures for the donor: who took part, by what, in which period; small numbers hidden."""
