"""What is said about pictures that are changed, and about what one shows."""

from bot.texts import Said

WHAT_TO_CHANGE: Said = {
    "vi": "🖼️ Đã nhận ảnh. Bạn muốn sửa gì? ({price} credit) Gõ lời sửa vào sau {usage}, hoặc gửi lại ảnh kèm lời. Chưa trừ credit.",
    "en": "🖼️ Got the picture. What shall be changed? ({price} credits) Say so behind {usage}, or send it again with your words. No credits "
    "were used.",
}
ONE_BY_ONE: Said = {
    "vi": "🖼️ Trong một album mình chỉ làm ảnh có lời đi kèm. Với các ảnh không lời: trả lời (reply) từng ảnh và gõ điều muốn sửa, hoặc "
    "gửi riêng từng ảnh kèm lời. Chưa trừ credit.",
    "en": "🖼️ Of an album only the photo with words is worked on. For the others: reply to each with what to change, or send them one "
    "by one with your words. No credits were used.",
}
NO_EDITING: Said = {
    "vi": "🖼️ Đã nhận ảnh, nhưng mô hình ở đây chưa sửa được ảnh. Bạn gõ mô tả để mình vẽ mới, hoặc gửi ảnh kèm /describe để "
    "nghe ảnh có gì. Không trừ credit.",
    "en": "🖼️ The picture arrived, but no model here can edit pictures yet. Type what to draw, or send it with /describe to "
    "hear what it shows. No credits were used.",
}
ANEW_INSTEAD: Said = {
    "vi": "🖼️ Mô hình ở đây chưa sửa được ảnh có sẵn. Mình có thể vẽ một ảnh mới theo lời này, chưa trừ credit nào:\n“{words}”",
    "en": "🖼️ No model here can change a picture yet. A new one can be painted from these words; nothing was charged so far:\n“{words}”",
}
ANEW: Said = {"vi": "🎨 Vẽ lại với lời này · {price}", "en": "🎨 Paint these words anew · {price}"}
CHANGE: Said = {"vi": "🖌️ Sửa ảnh này · {price}", "en": "🖌️ Change it · {price}"}
DESCRIBE: Said = {"vi": "👁️ Ảnh có gì?", "en": "👁️ What it shows"}
MORE: Said = {"vi": "🧰 Thêm nữa", "en": "🧰 More"}
WHAT_MORE: Said = {
    "vi": "🧰 Làm gì với ảnh “{words}”? Ảnh cũ vẫn giữ nguyên; giá ghi trên nút.",
    "en": "🧰 What to do with “{words}”? The picture itself stays as it is; prices are on the buttons.",
}
TOOLS: dict[str, Said] = {
    "upscale": {"vi": "🔍 Phóng to ×4 · {price}", "en": "🔍 Upscale ×4 · {price}"},
    "cutout": {"vi": "✂️ Xoá nền · {price}", "en": "✂️ Remove backdrop · {price}"},
    "wide": {"vi": "↔️ Nới ngang 16:9 · {price}", "en": "↔️ Widen to 16:9 · {price}"},
    "tall": {"vi": "↕️ Nới dọc 9:16 · {price}", "en": "↕️ Extend to 9:16 · {price}"},
    "faithful": {"vi": "🔬 Phóng to giữ nét · {price}", "en": "🔬 Faithful upscale · {price}"},
    "creative": {"vi": "🪄 Phóng to thêm nét · {price}", "en": "🪄 Creative upscale · {price}"},
}
TOOLS |= {
    "replace": {"vi": "🔁 Thay vật · {price}", "en": "🔁 Replace a thing · {price}"},
    "recolor": {"vi": "🎨 Đổi màu vật · {price}", "en": "🎨 Recolour a thing · {price}"},
    "from-sketch": {"vi": "✏️ Vẽ từ nét phác · {price}", "en": "✏️ Paint from this sketch · {price}"},
    "from-structure": {"vi": "📐 Giữ bố cục · {price}", "en": "📐 Keep the structure · {price}"},
    "style-guide": {"vi": "🖼️ Theo phong cách này · {price}", "en": "🖼️ In this style · {price}"},
}
QUESTIONS: dict[str, Said] = {
    "replace": {
        "vi": "🔁 Thay vật nào bằng vật gì? ({price} credit) Gõ:\n{typed}",
        "en": "🔁 Replace what with what? ({price} credits) Type:\n{typed}",
    },
    "recolor": {
        "vi": "🎨 Đổi vật nào sang màu gì? ({price} credit) Gõ:\n{typed}",
        "en": "🎨 Recolour what, into which colour? ({price} credits) Type:\n{typed}",
    },
    "from-sketch": {
        "vi": "✏️ Nét phác này vẽ gì? ({price} credit) Gõ:\n{typed}",
        "en": "✏️ What does the sketch show? ({price} credits) Type:\n{typed}",
    },
    "from-structure": {
        "vi": "📐 Giữ bố cục, vẽ lại thành gì? ({price} credit) Gõ:\n{typed}",
        "en": "📐 What shall stand in this structure? ({price} credits) Type:\n{typed}",
    },
    "style-guide": {
        "vi": "🖼️ Vẽ gì theo phong cách ảnh này? ({price} credit) Gõ:\n{typed}",
        "en": "🖼️ What shall be painted in this style? ({price} credits) Type:\n{typed}",
    },
}
BEGUN: dict[str, Said] = {
    "replace": {"vi": "thay ", "en": "replace "},
    "recolor": {"vi": "đổi màu ", "en": "recolour "},
    "from-sketch": {"vi": "phác thảo: ", "en": "sketch: "},
    "from-structure": {"vi": "bố cục: ", "en": "structure: "},
    "style-guide": {"vi": "phong cách: ", "en": "style: "},
}
FOR_EXAMPLE: dict[str, Said] = {
    "replace": {"vi": "con mèo bằng con chó", "en": "the cat with a dog"},
    "recolor": {"vi": "cái áo sang đỏ", "en": "the shirt to red"},
    "from-sketch": {"vi": "ngôi nhà gỗ bên hồ", "en": "a wooden house at a lake"},
    "from-structure": {"vi": "phòng khách kiểu Nhật", "en": "a Japanese living room"},
    "style-guide": {"vi": "phố cổ Hội An", "en": "the old town of Hội An"},
}
WRITE: Said = {"vi": "⌨️ Gõ tiếp", "en": "⌨️ Go on typing"}
PAID_RULE: Said = {
    "vi": "\n💳: cần credit đã mua; chưa nạp vẫn bấm được, mình giữ yêu cầu tới khi nạp xong.",
    "en": "\n💳: takes credits that were bought; press it anyway, the wish is kept until you have topped up.",
}
SOLD: dict[str, Said] = {  # a line of the price list, by its model
    "pocket": {"vi": "Vẽ phác nhỏ", "en": "Small draft"},
    "core": {"vi": "Vẽ nhanh", "en": "Quick picture"},
    "sd35": {"vi": "Vẽ như ảnh chụp; sửa ảnh bằng lời", "en": "Like a photo; changing a picture by words"},
    "ultra": {"vi": "Vẽ tinh xảo, chữ rõ", "en": "Finest, with readable letters"},
    "upscale": {"vi": "Phóng to ×4", "en": "Upscale ×4"},
    "remove-background": {"vi": "Xoá nền", "en": "Remove the backdrop"},
    "outpaint": {"vi": "Nới ngang hoặc dọc", "en": "Widen or extend"},
    "upscale-faithful": {"vi": "Phóng to giữ nét", "en": "Faithful upscale"},
    "upscale-creative": {"vi": "Phóng to thêm nét", "en": "Creative upscale"},
    "replace": {"vi": "Thay một vật", "en": "Replace a thing"},
    "recolor": {"vi": "Đổi màu một vật", "en": "Recolour a thing"},
    "from-sketch": {"vi": "Vẽ từ nét phác", "en": "Paint from a sketch"},
    "from-structure": {"vi": "Vẽ lại giữ bố cục", "en": "Paint anew, keep the structure"},
    "style-guide": {"vi": "Vẽ theo phong cách một ảnh", "en": "Paint in the style of a picture"},
}
NO_TOOL: Said = {
    "vi": "🧰 Mô hình này hiện không chạy ở đây. Không trừ credit.",
    "en": "🧰 That model does not run here at the moment. No credits were used.",
}
LOOKING: Said = {"vi": "👁️ Đang xem ảnh…", "en": "👁️ Looking at it…"}
SHOWS: Said = {"vi": "👁️ Mô tả ảnh:\n{told}", "en": "👁️ What it shows:\n{told}"}
NOT_DESCRIBED: Said = {
    "vi": "😔 Lần này mình chưa mô tả được ảnh.\nKhông trừ credit.\nBạn thử lại sau ít phút nhé: /describe",
    "en": "😔 The picture could not be described this time.\nNo credits were used.\nPlease try again in a few minutes: "
    "/describe",
}
DESCRIBED_ENOUGH: Said = {
    "vi": "✋ Bạn đã dùng hết {most} lượt mô tả ảnh của hôm nay.\nKhông trừ credit.\nLượt tiếp theo có sau {wait}.",
    "en": "✋ You have had the {most} descriptions of a day.\nNo credits were used.\nThere is another one in {wait}.",
}
PICTURE_BLOCKED: Said = {
    "vi": "🚫 Ảnh bạn gửi chưa phù hợp quy định nội dung ({group}).\nKhông trừ credit, và mình không giữ ảnh.\nBạn gửi ảnh khác "
    "giúp mình nhé.",
    "en": "🚫 The picture you sent breaks our content rules ({group}).\nNo credits were used, and it was not kept.\nPlease "
    "send another one.",
}
PICTURE_GONE: Said = {
    "vi": "🖼️ Mình không còn giữ ảnh đó (ảnh gửi tới được giữ một ngày).\nKhông trừ credit.\nBạn gửi lại ảnh giúp mình nhé.",
    "en": "🖼️ That picture is not here any more (what is sent is kept for a day).\nNo credits were used.\nPlease send it again.",
}
NOT_NOW: Said = {
    "vi": "😔 Lúc này mình chưa mở được ảnh.\nKhông trừ credit.\nBạn thử lại sau ít phút nhé.",
    "en": "😔 The picture cannot be opened at the moment.\nNo credits were used.\nPlease try again in a few minutes.",
}
EDIT_USAGE: Said = {"vi": "/edit MÃ_ẢNH lời sửa", "en": "/edit PICTURE what to change"}
DESCRIBE_USAGE: Said = {
    "vi": "gửi ảnh kèm /describe, trả lời một ảnh bằng /describe, hoặc /describe MÃ_ẢNH",
    "en": "send a picture with /describe, reply to one with /describe, or /describe PICTURE",
}
VERIFY: Said = {"vi": "🔏 Ảnh có dấu Imagify?", "en": "🔏 Made by Imagify?"}
VERIFY_USAGE: Said = {
    "vi": "gửi ảnh kèm /verify, trả lời một ảnh bằng /verify, hoặc /verify MÃ_ẢNH",
    "en": "send a picture with /verify, reply to one with /verify, or /verify PICTURE",
}
MARKED: Said = {
    "vi": "🔏 Ảnh mang dấu của Imagify: do AI tạo ở đây bằng {model}, lúc {at} (mã {code}).",
    "en": "🔏 The picture carries Imagify's mark: made here by AI with {model}, {at} (code {code}).",
}
MARK_UNKNOWN: Said = {
    "vi": "🔏 Ảnh mang dấu ghi là của Imagify, nhưng ở đây không có ảnh nào như vậy: của một nơi khác, hoặc dấu bị làm giả.",
    "en": "🔏 The picture carries a mark that says Imagify, but no such picture was made here: it is another house's, or the "
    "mark is forged.",
}
NO_MARK: Said = {
    "vi": "🔏 Ảnh này không mang dấu của Imagify. Điều đó chưa chứng tỏ ảnh không do AI tạo: chụp màn hình hay nén lại làm mất dấu.",
    "en": "🔏 This picture does not carry Imagify's mark. That does not prove that no AI made it: a screenshot, or compressing it "
    "anew, takes the mark off.",
}
MARK_LOST: dict[str, Said] = {
    "telegram": {
        "vi": "Telegram nén mọi thứ gửi dưới dạng ảnh: hãy gửi lại dưới dạng tệp.",
        "en": "Telegram compresses whatever is sent as a photo: please send it as a file.",
    },
    "zalo": {
        "vi": "Zalo nén ảnh trước khi chuyển tới đây: hãy mở {page} và gửi tệp gốc ở đó.",
        "en": "Zalo compresses photos before they come here: please open {page} and send the original file there.",
    },
}
DOES: dict[str, Said] = {
    "verify": {"vi": "xem ảnh có mang dấu của Imagify không", "en": "see whether a picture carries Imagify's mark"},
    "edit": {"vi": "sửa một ảnh bằng lời", "en": "change a picture by words"},
    "describe": {"vi": "nghe ảnh có gì", "en": "hear what a picture shows"},
}
