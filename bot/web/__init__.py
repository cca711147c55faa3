"""The web mouth: a chat page and its socket, on the one application. docs/web.md is its contract."""
