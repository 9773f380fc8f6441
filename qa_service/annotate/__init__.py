"""A document and its sentences go in; names, positions, dated events and definitions come out.

`annotations.annotate` is the whole of it; `aliases` holds the table of actors' names, which questions are
read with too. Neither is imported here: a worker that only answers needs the second alone.
"""
