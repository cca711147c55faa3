"""Files, albums, edits and what else happens to a message at the played Telegram."""

import pytest

from infra.sandbox.telegram import Upload
from tests.infra.sandbox.telegram_rig import BOT, OTHER, Rig, button, buttons, photo, png

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


# -- files


async def test_a_photo_comes_in_sizes_and_can_be_sent_again_by_any_of_them() -> None:
    rig = Rig()
    sizes = (await rig.gets("sendPhoto", photo(png(1600, 1200)), chat_id=101))["photo"]

    again = await rig.gets("sendPhoto", chat_id=101, photo=sizes[0]["file_id"])

    assert [(one["width"], one["height"]) for one in sizes] == [
        (90, 67),
        (320, 240),
        (800, 600),
        (1280, 960),
        (1600, 1200),
    ]
    assert again["photo"] == sizes


async def test_a_file_can_be_fetched_by_the_path_that_is_told() -> None:
    rig = Rig()
    data = png()
    sent = await rig.gets("sendDocument", {"document": Upload(data, "a.png", "image/png")}, chat_id=101)

    told = await rig.gets("getFile", file_id=sent["document"]["file_id"])

    found = rig.telegram.files.at(BOT.id, told["file_path"])
    assert found is not None
    assert (found.data, told["file_size"]) == (data, len(data))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png(9_000, 1_001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2_100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
    ],
)
async def test_a_photo_telegram_cannot_show_is_refused(data: bytes, words: str) -> None:
    files = {"photo": Upload(data, "a.png", "image/png")}

    assert await Rig().refused("sendPhoto", files, chat_id=101) == f"Bad Request: {words}"


async def test_a_file_that_is_too_big_is_refused() -> None:
    rig = Rig()
    heavy = png(weight=10 * 1024 * 1024)

    said = await rig.refused("sendPhoto", photo(heavy), chat_id=101)
    answer = await rig.calls("sendDocument", {"document": Upload(bytes(50 * 1024 * 1024 + 1))}, chat_id=101)

    assert said == (
        f"Bad Request: file of size {len(heavy)} bytes is too big for a photo; the maximum size is 10485760 bytes"
    )
    assert (answer.status, answer.words) == (413, "Request Entity Too Large")


async def test_an_identifier_is_good_for_its_own_bot_and_its_own_kind() -> None:
    rig = Rig(BOT, OTHER)
    sent = await rig.gets("sendPhoto", photo(), chat_id=101)
    name = sent["photo"][-1]["file_id"]
    await rig.an.says("chào", OTHER)

    stranger = await rig.telegram.call(OTHER.token, "sendPhoto", {"chat_id": 101, "photo": name})

    assert stranger.words == "Bad Request: wrong file identifier/HTTP URL specified"
    assert await rig.refused("sendPhoto", chat_id=101, photo="abc") == stranger.words
    assert await rig.refused("sendDocument", chat_id=101, document=name) == (
        "Bad Request: can't use file of type Photo as Document"
    )
    assert await rig.refused("getFile", file_id="abc") == "Bad Request: invalid file_id"


async def test_a_picture_by_its_address_is_fetched_where_there_is_one() -> None:
    rig = Rig()
    rig.telegram.files.web["https://a.vn/meo.png"] = png()

    assert (await rig.gets("sendPhoto", chat_id=101, photo="https://a.vn/meo.png"))["photo"]
    assert await rig.refused("sendPhoto", chat_id=101, photo="https://a.vn/cho.png") == (
        "Bad Request: failed to get HTTP URL content"
    )


async def test_an_album_is_two_to_ten_pictures_in_one_group() -> None:
    rig = Rig()
    files = {f"p{n}": Upload(png(60 + n), "a.png", "image/png") for n in range(11)}
    media = [{"type": "photo", "media": f"attach://{name}"} for name in files]

    sent = await rig.gets("sendMediaGroup", files, chat_id=101, media=media[:10])

    assert len({one["media_group_id"] for one in sent}) == 1
    assert len(rig.telegram.chat(101).messages) == 10
    for wrong in (media[:1], media):
        said = await rig.refused("sendMediaGroup", files, chat_id=101, media=wrong)
        assert said == "Bad Request: there must be 2-10 media in an album"


# -- edits


async def test_a_person_sees_an_edit_at_once_and_what_stood_before_is_kept() -> None:
    rig = Rig()
    sent = await rig.sends("đang vẽ 10%")
    await rig.telegram.pass_by(3)

    await rig.gets("editMessageText", chat_id=101, message_id=sent.id, text="đang vẽ 90%")

    assert rig.telegram.chat(101).texts == ["đang vẽ 90%"]
    assert [(edit.body["text"], edit.at - sent.at) for edit in sent.edits] == [("đang vẽ 10%", 3.0)]
    assert sent.wire()["edit_date"] == sent.wire()["date"] + 3


async def test_a_text_becomes_a_photo_and_stays_one() -> None:
    rig = Rig()
    sent = await rig.sends("đang vẽ")
    media = {"type": "photo", "media": "attach://p", "caption": "xong"}

    await rig.gets("editMessageMedia", {"p": Upload(png())}, chat_id=101, message_id=sent.id, media=media)

    assert (bool(sent.photo), sent.text, "text" in sent.body) == (True, "xong", False)
    assert await rig.refused("editMessageText", chat_id=101, message_id=sent.id, text="a") == (
        "Bad Request: there is no text in the message to edit"
    )
    again = {"type": "photo", "media": sent.photo, "caption": "xong"}
    assert await rig.refused("editMessageMedia", chat_id=101, message_id=sent.id, media=again) == NOT_MODIFIED


async def test_an_edit_that_changes_nothing_is_refused() -> None:
    rig = Rig()
    sent = await rig.sends("a", reply_markup=buttons([button()]))

    same = await rig.refused(
        "editMessageText", chat_id=101, message_id=sent.id, text=" a ", reply_markup=buttons([button()])
    )
    without = await rig.gets("editMessageText", chat_id=101, message_id=sent.id, text="a")

    assert same == NOT_MODIFIED
    assert "reply_markup" not in without


async def test_what_is_not_there_or_not_ours_cannot_be_edited() -> None:
    rig = Rig()
    theirs, ours = await rig.an.says("của An"), await rig.sends("của bot")

    async def edit(message: object, **more: object) -> str:
        return await rig.refused("editMessageText", chat_id=101, message_id=message, text="b", **more)

    assert await edit(99) == "Bad Request: message to edit not found"
    assert await edit(theirs.id) == "Bad Request: message can't be edited"
    assert await edit("") == "Bad Request: message identifier is not specified"
    assert await edit(ours.id, reply_markup={"force_reply": True}) == "Bad Request: inline keyboard expected"
    assert await rig.refused("editMessageCaption", chat_id=101, message_id=ours.id, caption="c") == (
        "Bad Request: there is no caption in the message to edit"
    )
    await rig.an.deletes(ours)
    assert await edit(ours.id) == "Bad Request: message to edit not found"


async def test_a_message_can_be_deleted_for_two_days() -> None:
    rig = Rig()
    early, late = await rig.sends("sớm"), await rig.sends("muộn")

    assert await rig.gets("deleteMessage", chat_id=101, message_id=early.id) is True
    assert await rig.refused("deleteMessage", chat_id=101, message_id=early.id) == (
        "Bad Request: message to delete not found"
    )
    await rig.telegram.pass_by(48 * 3600 + 1)
    assert await rig.refused("deleteMessage", chat_id=101, message_id=late.id) == (
        "Bad Request: message can't be deleted for everyone"
    )
    assert rig.telegram.chat(101).texts == ["muộn"]


async def test_a_copy_has_the_content_and_not_the_buttons() -> None:
    rig = Rig()
    sent = await rig.sends("gốc", reply_markup=buttons([button()]))

    await rig.gets("copyMessage", chat_id=101, from_chat_id=101, message_id=sent.id)

    copy = rig.telegram.chat(101).last
    assert (copy.text, copy.buttons) == ("gốc", [])


async def test_a_reaction_stands_under_the_message() -> None:
    rig = Rig()
    said = await rig.an.says("vẽ mèo")
    params: dict[str, object] = {"chat_id": 101, "message_id": said.id}

    await rig.gets("setMessageReaction", reaction=[{"type": "emoji", "emoji": "👀"}], **params)

    assert said.reaction == "👀"
    assert await rig.refused("setMessageReaction", reaction=[{"type": "emoji", "emoji": "x"}], **params) == (
        "Bad Request: REACTION_INVALID"
    )


async def test_what_the_bot_is_doing_shows_for_five_seconds() -> None:
    rig = Rig()

    await rig.gets("sendChatAction", chat_id=101, action="upload_photo")
    words = await rig.refused("sendChatAction", chat_id=101, action="dancing")

    assert words == "Bad Request: wrong parameter action in request"
    assert rig.telegram.chat(101).action == ("upload_photo", rig.telegram.clock.date() + 5)


async def test_a_draft_streams_until_the_person_stops_it() -> None:
    rig = Rig()
    await rig.gets("sendMessageDraft", chat_id=101, draft_id=5, text="đang")

    await rig.an.stops()
    rig.telegram.world.drafts = False

    assert await rig.kinds() == ["stopped_message_generation"]
    assert await rig.refused("sendMessageDraft", chat_id=101, draft_id=5, text="a") == (
        "Bad Request: TEXTDRAFT_PEER_INVALID"
    )
