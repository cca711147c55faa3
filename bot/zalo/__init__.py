"""The Zalo mouth: the Bot Platform over our own client, for its only library swallows what goes wrong.

No buttons, no edits, no files: choices are numbered lines, a picture comes with its caption in one message, and the
only status is that somebody is typing.
"""

WEBHOOK = "/zalo/webhook"
