"""What can be made to go wrong at the played Telegram."""

from collections.abc import Mapping

from infra.sandbox.faults import Faults

BEFORE: Mapping[str, str] = {
    "reset_before": "the line is cut, and nothing has been done",
    "timeout_before": "silence for `seconds`, then the line is cut; nothing has been done",
    "flood": "429 with `seconds` to wait; from then on the chat cools down",
    "error": "an HTTP error (`code`, 500 if none is told), and nothing has been done",
    "unknown": "404, as for a method that there is not, and nothing has been done",
    "refusal": "400 with `words`, and nothing has been done",
    "delay": "it is done `seconds` late",
}
AFTER: Mapping[str, str] = {
    "reset_after": "it is done, but the line is cut before the answer",
    "timeout_after": "it is done, but nothing is heard for `seconds`, then the line is cut",
    "error_after": "it is done, but answered with an HTTP error (`code`, 502 if none is told)",
    "odd": "it is done, but its answer is not as documented: without the field `words`, or with nothing but ok",
    "torn": "it is done, but only half of the answer comes through",
}
UPDATES: Mapping[str, str] = {
    "update_doubled": "an update comes twice, with one number",
    "update_delayed": "an update, and whatever follows in its chat, comes `seconds` late, behind those of other chats",
    "hook_lost": "an update sent to the webhook is lost on its way, and tried again",
    "hook_answer_lost": "the webhook's answer is lost: the update comes again",
    "payment_doubled": "a payment is told twice, in two updates",
    "payment_untold": "a payment is made, and no update tells of it",
    "payment_unchecked": "a payment is made without asking the bot first",
}
KINDS: Mapping[str, str] = {**BEFORE, **AFTER, **UPDATES}
TERMS: Mapping[str, float] = {"flood": 30.0, "delay": 2.0, "update_delayed": 5.0}
CODES: Mapping[str, int] = {"error": 500, "error_after": 502}


def faults() -> Faults:
    return Faults(KINDS, TERMS, CODES)
