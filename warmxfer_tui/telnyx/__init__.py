"""Telnyx Call Control: requests out, replies and webhooks in. Decides nothing.

Pure, and shared with the explorer: `message`, `calls`, `rooms`, `account` (one method per endpoint),
`requests`, `refusals`, `replies`, `exchange`, `client_state`, `wire`. On sockets: `client`, `carrier`.
"""
