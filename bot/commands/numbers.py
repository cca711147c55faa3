"""Answers to numbers that stand for nothing, where a channel's choices are numbered lines. Pressed by nobody."""

from bot.asking import Ask, action
from bot.replies import Reply
from bot.texts import zalo as texts


@action("old_number")
async def old_number(ask: Ask) -> Reply:
    return Reply(ask.say(texts.OLD_NUMBER))


@action("which_number")
async def which_number(ask: Ask) -> Reply:
    return Reply(ask.say(texts.WHICH_NUMBER))


@action("no_number")
async def no_number(ask: Ask) -> Reply:
    return Reply(ask.say(texts.NO_NUMBER))
