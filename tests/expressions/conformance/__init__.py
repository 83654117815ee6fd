"""What every operator and function of the language means, as tables, and the engines that are held to it.

* `tables/*.toml`: the cases. Each file is one form, the interviews held with it, and one result expected of each expression.
* `cases` reads the tables and builds the forms; `phrases` finds every operator and function in the grammar.
* `engines/*.py`: one file an engine, with a function `load`; see `sitting` for what it gives.
"""
