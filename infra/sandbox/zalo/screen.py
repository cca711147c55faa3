"""What a telephone shows: chats and their messages for one person, as JSON that its page can draw."""

from dataclasses import asdict

from infra.sandbox.zalo.asked import Wire
from infra.sandbox.zalo.chats import Chat, Message
from infra.sandbox.zalo.people import Person
from infra.sandbox.zalo.world import Robot
from infra.sandbox.zalo.zalo import Call, Zalo

SHOWN = 150  # messages of a chat, the newest
CALLS = 60
MARKS = {"image": "🖼", "sticker": "🙂", "voice": "🎤", "card": "🔗"}


def screen(zalo: Zalo, person: Person, chat: Chat) -> Wire:
    """All that one telephone needs to be drawn."""
    robot = zalo.robot(chat.bot)
    return {
        "revision": zalo.world.revision,
        "date": int(zalo.clock.date()),
        "me": {"id": person.id, "name": person.known.name, "protected": person.known.protected},
        "people": [{"id": one.id, "name": one.known.name, "protected": one.known.protected} for one in zalo.people],
        "chats": [_listed(zalo, one, person) for one in zalo.bots],
        "chat": {
            "bot": chat.bot,
            "title": robot.bot.name,
            "blocked": chat.blocked,
            "typing": _typing(zalo, chat),
            "messages": [_message(one) for one in chat.messages[-SHOWN:]],
        },
    }


def behind(zalo: Zalo) -> Wire:
    """What stands behind the telephone: calls, faults, plans, habits, the clock."""
    return {
        "date": int(zalo.clock.date()),
        "scale": zalo.clock.scale,
        "calls": [_call(one) for one in list(zalo.calls)[-CALLS:]][::-1],
        "faults": [one.wire for one in zalo.faults.all()],
        "kinds": dict(zalo.faults.kinds),
        "habits": asdict(zalo.habits),
        "bots": [_robot(one) for one in zalo.bots],
    }


def _typing(zalo: Zalo, chat: Chat) -> float:
    """So many real seconds more; on a clock by hand so many of its own."""
    left = max(0.0, chat.typing_until - zalo.clock.now())
    real = zalo.clock.real(left)
    return left if real is None else real


def _listed(zalo: Zalo, robot: Robot, person: Person) -> Wire:
    chat = zalo.chat(person.id, robot.bot)
    return {"bot": robot.id, "title": robot.bot.name, "last": _brief(chat.last) if chat.messages else ""}


def _message(message: Message) -> Wire:
    picture = message.picture
    return {
        "id": message.id,
        "mine": not message.by_bot,
        "at": int(message.at),
        "kind": message.kind,
        "text": message.text,
        "photo": f"/photo/{message.id}" if picture and not picture.black else "",
        "black": picture.looks[-1].wrong or "…" if picture and picture.black and picture.looks else "",
        "looks": [f"{one.method} {one.wrong or one.status}" for one in picture.looks] if picture else [],
        "sticker": message.content.get("sticker", ""),
        "voice": message.content.get("voice_url", ""),
    }


def _robot(robot: Robot) -> Wire:
    meter = robot.meter
    return {
        "id": robot.id,
        "name": robot.bot.name,
        "dialect": robot.dialect,
        "webhook": robot.hook.info["url"],
        "polls": robot.updates.polled,
        "pending": len(robot.updates.pending),
        "plan": asdict(meter.plan),
        "messages": meter.messages,
        "users": len(meter.people),
    }


def _call(call: Call) -> Wire:
    told = call.result if isinstance(call.result, str) else ""
    ignored = ", ".join(call.ignored)
    return {
        "at": int(call.at),
        "method": call.method,
        "ok": call.ok,
        "code": call.code or ("" if call.ok else call.status or "✂"),
        "told": told or (f"ignored: {ignored}" if ignored else ""),
    }


def _brief(message: Message) -> str:
    """One line of it."""
    mark = MARKS.get(message.kind, "")
    return " ".join(one for one in (mark, message.text.replace("\n", " ")[:80]) if one)
