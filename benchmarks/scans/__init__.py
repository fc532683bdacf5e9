"""Signed sheets as scanners and telephones deliver them, and how well they are read.

Strokes are drawn by a generator of their own (`strokes`), laid on pages of our own PDF (`pages`), and spoilt as devices
do (`devices`). `training` makes the weights of the reader from them; `measure` reads other ones and counts.
"""
