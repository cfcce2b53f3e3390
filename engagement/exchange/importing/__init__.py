"""From what staff bring, a CSV or XLSX file, to rows of the register.

`reading` makes rows of a file, `headers` finds the columns, `cells` and `dates` make values of cells. None of these
asks the register anything, and none guesses: what may mean two things is a problem with a reason.
"""
