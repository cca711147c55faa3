"""What can be made to go wrong at the played Zalo."""

from collections.abc import Mapping

from infra.sandbox.faults import Faults

BEFORE: Mapping[str, str] = {
    "reset_before": "the line is cut, and nothing has been done",
    "hang_before": "silence for `seconds`, then the line is cut; nothing has been done",
    "error": "an HTTP error (`code`, 502 if none is told) with a page instead of JSON; nothing has been done",
    "refusal": "ok:false with `code` (400) and `words`, and nothing has been done",
    "quota": "429 Quota exceeded, and nothing has been done",
    "lapse_before": "408 Request timeout, and nothing has been done",
    "delay": "it is done `seconds` late",
}
AFTER: Mapping[str, str] = {
    "reset_after": "it is done, but the line is cut before the answer; an update that was read so is lost",
    "hang_after": "it is done, but nothing is heard for `seconds`, then the line is cut",
    "error_after": "it is done, but answered with an HTTP error (`code`, 502 if none is told)",
    "lapse_after": "it is done, but answered with 408 Request timeout",
    "torn": "it is done, but only half of the answer comes through",
    "odd": "it is done, but every field of its answer except ok is of another kind than documented",
}
UPDATES: Mapping[str, str] = {
    "update_doubled": "an event comes twice, with one message id",
    "update_delayed": "an event comes `seconds` late, behind those that came after it",
    "update_lost": "an event never comes",
    "hook_lost": "an event sent to the webhook is lost on its way, and tried again",
    "hook_answer_lost": "the webhook's answer is lost: the event comes again",
    "hook_probed": "before an event the webhook gets an empty body without the secret",
}
PHOTOS: Mapping[str, str] = {
    "photo_unfetched": "Zalo cannot reach a photo's address at first",
    "photo_black": "Zalo cannot reach a photo's address any more when it looks again",
}
KINDS: Mapping[str, str] = {**BEFORE, **AFTER, **UPDATES, **PHOTOS}
TERMS: Mapping[str, float] = {"delay": 2.0, "update_delayed": 5.0}
CODES: Mapping[str, int] = {"error": 502, "error_after": 502, "refusal": 400}


def faults() -> Faults:
    return Faults(KINDS, TERMS, CODES)
