"""The console's belief, as one immutable value and the pure function that folds events into it."""
