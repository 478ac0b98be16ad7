"""Answers to the exercises as students write them: the solutions of the notebooks, and ways to get them wrong."""
