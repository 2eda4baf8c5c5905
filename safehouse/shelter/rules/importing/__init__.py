"""Reading an office's inventory and register by meaning. Nothing here writes, guesses or asks the clock.

`workbook` opens a file safely; `columns` finds the headings and says what each column means; `inventory` and
`register` turn the lines into rooms and people and name every line that cannot be true.
"""
