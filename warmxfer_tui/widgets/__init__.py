"""Pictures of plain values: each widget draws what `core.view` and `core.advice` say, and decides nothing."""
