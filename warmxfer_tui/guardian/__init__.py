"""The guardian: a process of its own that goes on where a console was lost.

`watch` decides, `program` carries out. The desk that it opens is the console's: the same engine, the same
journal, the same rules, and the event `ConsoleLost` (`behaviour.md`, "The console is lost").
"""
