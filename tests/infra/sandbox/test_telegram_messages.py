"""What a bot sends at the played Telegram, as its person sees it; and every refusal in Telegram's own words."""

import pytest

from tests.infra.sandbox.telegram_rig import TOKEN, Rig, button, buttons, photo

# -- who calls what


async def test_a_wrong_token_is_unauthorized_and_an_unknown_method_is_not_found() -> None:
    rig = Rig()

    stranger = await rig.telegram.call("1:nobody", "getMe")
    unknown = await rig.calls("sendNothing")

    assert (stranger.status, stranger.words) == (401, "Unauthorized")
    assert (unknown.status, unknown.words) == (404, "Not Found: method not found")


async def test_a_method_is_known_however_it_is_written() -> None:
    rig = Rig()

    assert (await rig.gets("GETME"))["username"] == "imagify_bot"


async def test_everything_a_bot_does_is_recorded_with_what_came_of_it() -> None:
    rig = Rig()

    await rig.sends("một")
    await rig.calls("sendMessage", chat_id=7, text="hai")

    assert [(call.method, call.chat, call.status) for call in rig.telegram.calls] == [
        ("sendMessage", 101, 200),
        ("sendMessage", 7, 400),
    ]
    assert rig.telegram.called("sendMessage", 7)[0].result == "Bad Request: chat not found"


# -- where


async def test_nobody_is_spoken_to_who_is_not_there_or_did_not_begin() -> None:
    rig = Rig()
    rig.telegram.person(102, "Bình")

    assert await rig.refused("sendMessage", chat_id=999, text="a") == "Bad Request: chat not found"
    assert await rig.refused("sendMessage", text="a") == "Bad Request: chat_id is empty"
    assert (await rig.refused("sendMessage", chat_id=102, text="a")) == (
        "Forbidden: bot can't initiate conversation with a user"
    )


async def test_who_blocks_the_bot_is_out_of_reach_until_they_return() -> None:
    rig = Rig()

    await rig.an.blocks()
    blocked = await rig.calls("sendMessage", chat_id=101, text="a")
    await rig.an.starts()

    assert (blocked.status, blocked.words) == (403, "Forbidden: bot was blocked by the user")
    assert await rig.sends("lại chào")
    assert await rig.kinds() == ["my_chat_member", "my_chat_member", "message"]


async def test_who_left_telegram_is_deactivated() -> None:
    rig = Rig()

    await rig.an.leaves_telegram()

    assert await rig.refused("sendMessage", chat_id=101, text="a") == "Forbidden: user is deactivated"


# -- texts


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
async def test_a_message_without_text_is_refused(text: str) -> None:
    assert await Rig().refused("sendMessage", chat_id=101, text=text) == "Bad Request: message text is empty"


async def test_a_text_is_measured_in_utf_16_after_its_markup_was_read() -> None:
    rig = Rig()

    assert await rig.sends("<b>" + "🐱" * 2048 + "</b>", parse_mode="HTML")
    assert await rig.refused("sendMessage", chat_id=101, text="🐱" * 2048 + "a") == "Bad Request: message is too long"


async def test_a_caption_is_shorter_than_a_text() -> None:
    rig = Rig()

    words = await rig.refused("sendPhoto", photo(), chat_id=101, caption="a" * 1025)

    assert words == "Bad Request: message caption is too long"
    assert await rig.gets("sendPhoto", photo(), chat_id=101, caption="a" * 1024)


@pytest.mark.parametrize(
    ("mode", "text", "words"),
    [
        ("HTML", "<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("HTML", "<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "mèo </b>", "Unexpected end tag at byte offset 5"),
        ("HTML", "<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("HTML", "1 < 2", "Unclosed start tag at byte offset 2"),
        ("HTML", "<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("MarkdownV2", "a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("MarkdownV2", "a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("MarkdownV2", "*a", "Can't find end of Bold entity at byte offset 0"),
        ("MarkdownV2", "mèo `a", "Can't find end of Code entity at byte offset 5"),
        ("Markdown", "a_b", "Can't find end of the entity starting at byte offset 1"),
    ],
)
async def test_markup_that_cannot_be_read_is_refused_with_the_place(mode: str, text: str, words: str) -> None:
    said = await Rig().refused("sendMessage", chat_id=101, text=text, parse_mode=mode)

    assert said == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("mode", "text", "shown", "entities"),
    [
        ("HTML", "🐱 <b>mèo</b> &lt;3", "🐱 mèo <3", [("bold", 3, 3)]),
        ("HTML", '<a href="https://a.vn/x">đây</a>', "đây", [("text_link", 0, 3)]),
        ("HTML", '<pre><code class="language-py">a</code></pre>', "a", [("pre", 0, 1)]),
        ("HTML", "<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("MarkdownV2", "*_a_* \\. ||b||", "a . b", [("bold", 0, 1), ("italic", 0, 1), ("spoiler", 4, 1)]),
        ("MarkdownV2", "[đây](https://a.vn/x\\))", "đây", [("text_link", 0, 3)]),
        ("Markdown", "*a* `b_c`", "a b_c", [("bold", 0, 1), ("code", 2, 3)]),
        (
            "",
            "/make@imagify_bot mèo @an_nguyen #mèo",
            None,
            [("bot_command", 0, 17), ("mention", 22, 10), ("hashtag", 33, 4)],
        ),
        ("", "xem http://a.vn/b. và a@b.vn", None, [("url", 4, 13), ("email", 22, 6)]),
        ("", "5/10 a/b", None, []),
    ],
)
async def test_a_text_carries_what_was_marked_and_what_telegram_finds(
    mode: str, text: str, shown: str | None, entities: list[tuple[str, int, int]]
) -> None:
    sent = await Rig().sends(text, **({"parse_mode": mode} if mode else {}))

    assert sent.text == (shown or text)
    assert [(one["type"], one["offset"], one["length"]) for one in sent.body.get("entities", [])] == entities


async def test_an_unknown_parse_mode_is_refused() -> None:
    said = await Rig().refused("sendMessage", chat_id=101, text="a", parse_mode="BBCode")

    assert said == "Bad Request: unsupported parse_mode"


# -- buttons


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (buttons([button(callback_data="x" * 65)]), "BUTTON_DATA_INVALID"),
        (buttons([button(callback_data="ạ" * 22)]), "BUTTON_DATA_INVALID"),
        (buttons([button(callback_data="")]), "BUTTON_DATA_INVALID"),
        (buttons([button()] * 9), "reply markup is too long"),
        (buttons(*[[button()]] * 101), "reply markup is too long"),
        (
            buttons([button(url="http://localhost:8080/p/1")]),
            "inline keyboard button URL 'http://localhost:8080/p/1' is invalid: Wrong HTTP URL",
        ),
        (buttons([button(url="http://")]), "inline keyboard button URL 'http://' is invalid: Wrong HTTP URL"),
        (buttons([button(copy_text={"text": ""})]), "BUTTON_COPY_TEXT_INVALID"),
        (buttons([button(pay=True)]), "BUTTON_TYPE_INVALID"),
        (
            buttons([{"text": "a"}]),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ("{", "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_a_button_telegram_does_not_take_is_refused(markup: object, words: str) -> None:
    said = await Rig().refused("sendMessage", chat_id=101, text="a", reply_markup=markup)

    assert said == f"Bad Request: {words}"


async def test_buttons_within_the_limits_are_taken() -> None:
    rows = [[button(callback_data="x" * 64)] * 8] * 12 + [[button(url="http://127.0.0.1:8080/p/1")]] * 4

    assert len((await Rig().sends(reply_markup=buttons(*rows))).buttons) == 100


# -- replies


async def test_an_answer_shows_what_it_answers() -> None:
    rig = Rig()
    asked = await rig.an.says("vẽ mèo")

    sent = await rig.sends("đang vẽ", reply_parameters={"message_id": asked.id})

    assert sent.wire()["reply_to_message"]["text"] == "vẽ mèo"


async def test_an_answer_to_nothing_is_refused_unless_that_is_allowed() -> None:
    rig = Rig()
    lost = {"message_id": 77}

    words = await rig.refused("sendMessage", chat_id=101, text="a", reply_parameters=lost)

    assert words == "Bad Request: message to be replied not found"
    assert await rig.sends("a", reply_parameters={**lost, "allow_sending_without_reply": True})


# -- the bot's own words


async def test_commands_are_kept_by_scope_and_language() -> None:
    rig = Rig()
    vietnamese = [{"command": "make", "description": "Vẽ một bức tranh"}]
    scope = {"type": "chat", "chat_id": 101}

    await rig.gets("setMyCommands", commands=vietnamese, language_code="vi")
    await rig.gets("setMyCommands", commands=[{"command": "grant", "description": "Tặng"}], scope=scope)
    await rig.gets("deleteMyCommands", scope=scope)

    assert await rig.gets("getMyCommands", language_code="vi") == vietnamese
    assert await rig.gets("getMyCommands") == await rig.gets("getMyCommands", scope=scope) == []
    assert await rig.refused("setMyCommands", commands=[{"command": "Vẽ", "description": "a"}]) == (
        "Bad Request: BOT_COMMAND_INVALID"
    )
    assert await rig.refused("setMyCommands", commands=vietnamese * 101) == "Bad Request: BOT_COMMANDS_TOO_MUCH"


async def test_the_bots_descriptions_are_told_back_in_each_language() -> None:
    rig = Rig()

    await rig.gets("setMyDescription", description="Draws pictures")
    await rig.gets("setMyDescription", description="Vẽ tranh", language_code="vi")

    assert await rig.gets("getMyDescription", language_code="vi") == {"description": "Vẽ tranh"}
    assert await rig.gets("getMyDescription", language_code="fr") == {"description": "Draws pictures"}
    assert await rig.gets("getMyName") == {"name": "Imagify"}
    assert await rig.refused("setMyShortDescription", short_description="a" * 121) == (
        "Bad Request: bot short description is too long"
    )


async def test_a_token_is_not_among_what_is_recorded() -> None:
    rig = Rig()

    await rig.sends()

    assert TOKEN not in str(rig.telegram.calls)
