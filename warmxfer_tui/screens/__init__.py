"""Screens: which widgets stand where, and which keys become which intents."""
