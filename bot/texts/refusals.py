"""Why not: what happened, what it cost, what to do."""

from bot.texts import Said

BLOCKED: Said = {
    "vi": "🚫 Mô tả chưa phù hợp quy định nội dung ({group}). Không trừ credit. Bạn sửa lại giúp mình nhé.",
    "en": "🚫 This breaks our content rules ({group}). No credits were used. Please change it.",
}
GROUPS: dict[str, Said] = {
    "minors": {"vi": "trẻ em", "en": "children"},
    "sexual": {"vi": "nội dung tình dục", "en": "sexual content"},
    "likeness": {"vi": "hình ảnh người thật", "en": "a real person's likeness"},
    "documents": {"vi": "giấy tờ, tiền giả", "en": "forged papers or money"},
    "state": {"vi": "biểu tượng quốc gia", "en": "state symbols"},
    "gambling": {"vi": "cờ bạc", "en": "gambling"},
    "drugs": {"vi": "ma tuý", "en": "drugs"},
    "weapons": {"vi": "vũ khí", "en": "weapons"},
    "gore": {"vi": "bạo lực, máu me", "en": "gore"},
    "hate": {"vi": "thù ghét", "en": "hate"},
}
EDIT: Said = {"vi": "Sửa", "en": "Edit"}
SHORT: Said = {
    "vi": "💡 Cần {cost} credit, bạn đang có {free} (thiếu {missing}). Mình đã lưu mô tả, nạp xong bấm Tiếp tục là chạy.",
    "en": "💡 It takes {cost} credits, you have {free} ({missing} short). Your prompt is saved for when you have topped up.",
}
CONTINUE: Said = {"vi": "▶️ Tiếp tục", "en": "▶️ Continue"}
LIMIT: Said = {
    "vi": "✋ Bạn đang có {open} ảnh chờ. Đợi một ảnh xong rồi gửi tiếp nhé.",
    "en": "✋ You have {open} orders waiting. Send more once one is done.",
}
CROWDED: Said = {
    "vi": "🚶 Đang rất đông: phải chờ khoảng {wait}. Chưa giữ credit nào. Bạn thử lại sau ít phút nhé.",
    "en": "🚶 It is crowded: about {wait} to wait. No credits were held. Please try again in a few minutes.",
}
SPENT: Said = {
    "vi": "🌙 Hôm nay xưởng vẽ đã hết phần ngân sách. Chưa giữ credit nào. Mời bạn quay lại sau {wait} nhé.",
    "en": "🌙 The studio has used up its budget for today. No credits were held. Please come back in {wait}.",
}
TOO_OFTEN: Said = {
    "vi": "✋ Hơi nhanh quá. Bạn thử lại sau {wait} nhé. Không trừ credit.",
    "en": "✋ A little too fast. Please try again in {wait}. No credits were used.",
}
FROZEN: Said = {
    "vi": "🔒 Ví của bạn đang tạm khoá để kiểm tra. Credit vẫn an toàn.",
    "en": "🔒 Your wallet is on hold while it is checked. Your credits are safe.",
}
TOO_LONG: Said = {
    "vi": "✂️ Mô tả dài {count} ký tự, tối đa {most}. Không có gì bị cắt, bạn rút ngắn giúp mình nhé.",
    "en": "✂️ The prompt has {count} characters, {most} at most. Nothing was cut; please shorten it.",
}
EMPTY: Said = {
    "vi": "🤔 Mình chưa thấy gì để vẽ. Gõ vài từ, ví dụ: mèo mướp đội nón lá.",
    "en": "🤔 There is nothing to draw in it. Type a few words, for example: tabby cat in a conical hat.",
}
UNKNOWN_FLAG: Said = {
    "vi": "🤔 Mình không biết {flag}.{near} Không trừ credit.",
    "en": "🤔 I do not know {flag}.{near} No credits were used.",
}
NEAR: Said = {"vi": " Ý bạn là {near}?", "en": " Did you mean {near}?"}
BAD_FLAG: Said = {"vi": "🤔 {flag} {value}: chỉ nhận {allowed}.", "en": "🤔 {flag} {value}: it takes {allowed}."}
NO_MODEL: Said = {
    "vi": "🤔 Không có mô hình {name}. Hiện có: {known}.",
    "en": "🤔 No model {name}. There are: {known}.",
}
MODEL_ENDED: Said = {
    "vi": "Mô hình {name} đã ngừng từ {ended}. Bạn dùng {successor} nhé.",
    "en": "Model {name} ended on {ended}. Please use {successor}.",
}
PAID_ONLY: Said = {
    "vi": "Credit tặng chỉ dùng được với {instead}. Không trừ credit.",
    "en": "Gift credits paint with {instead} only. No credits were used.",
}
PAID_ONLY_KEPT: Said = {
    "vi": "💳 “{model}” cần credit đã mua ({cost} credit); credit tặng chỉ dùng được với {instead}. Không trừ credit. Mình đã lưu yêu "
    "cầu, nạp xong bấm Tiếp tục là chạy.",
    "en": "💳 “{model}” takes credits that were bought ({cost}); a gift is for {instead} only. No credits were used. Your wish is "
    "saved: top up, press Continue, and it runs.",
}
WITHIN_GIFT: Said = {
    "vi": "🎁 Vẽ ảnh mới bằng credit tặng · {price}",
    "en": "🎁 Paint a new one with the gift · {price}",
}
TOO_LATE: Said = {"vi": "Muộn mất rồi: {state}.", "en": "Too late: {state}."}
STATES: dict[str, Said] = {
    "queued": {"vi": "đang chờ", "en": "it is waiting"},
    "painting": {"vi": "đang vẽ, ảnh sẽ tới", "en": "it is being drawn, the picture will come"},
    "kept": {"vi": "ảnh đã vẽ xong", "en": "the picture is done"},
    "delivered": {"vi": "ảnh đã gửi tới bạn", "en": "the picture is with you"},
    "returned": {"vi": "credit đã được hoàn", "en": "the credits were returned"},
    "failed": {"vi": "ảnh này không vẽ được, credit đã hoàn", "en": "it failed and the credits were returned"},
    "cancelled": {"vi": "đã huỷ", "en": "it is cancelled"},
}
UNKNOWN: Said = {"vi": "🔎 Không tìm thấy {name} của bạn.", "en": "🔎 Nothing of yours is called {name}."}
NOT_AGREED: Said = {"vi": "Bạn cần đồng ý trước đã.", "en": "You need to agree first."}
BUSY: Said = {
    "vi": "⏳ Còn việc đang dở, bạn thử lại sau một lát nhé.",
    "en": "⏳ Something is still open. Please try again in a moment.",
}
NOT_A_PICTURE: Said = {
    "vi": "🖼️ Mình không đọc được tệp này ({why}). Gửi ảnh JPEG, PNG hoặc WebP, tối đa 20 MB nhé.",
    "en": "🖼️ This file cannot be read ({why}). Please send a JPEG, PNG or WebP of at most 20 MB.",
}
WHY: dict[str, Said] = {
    "unreadable": {"vi": "không phải ảnh hoặc bị hỏng", "en": "not a picture, or damaged"},
    "bytes": {"vi": "quá nặng", "en": "too heavy"},
    "pixels": {"vi": "quá nhiều điểm ảnh, hãy gửi bản nhỏ hơn", "en": "too many pixels, send a smaller copy"},
    "shape": {"vi": "dài hơn 20 lần bề ngang", "en": "more than 20 times as long as wide"},
    "format": {"vi": "định dạng lạ", "en": "an unknown format"},
}
NO_COMMAND: Said = {"vi": "🤔 Mình không có lệnh {name}. Gõ /help nhé.", "en": "🤔 There is no {name}. Type /help."}
USAGE: Said = {"vi": "Cách dùng: {usage}", "en": "Usage: {usage}"}
NO_RIGHTS: Said = {"vi": "Lệnh này dành cho quản trị.", "en": "This is for admins."}
PRIVATE_ONLY: Said = {"vi": "Nhắn riêng cho mình nhé.", "en": "Please ask me in private."}
TO_PRIVATE: Said = {"vi": "💬 Mở chat riêng", "en": "💬 Open a private chat"}
SHORT_IN_GROUP: Said = {
    "vi": "💡 Ảnh này cần thêm credit. Mình đã lưu mô tả, bạn nhắn riêng cho mình để vẽ tiếp nhé.",
    "en": "💡 This picture takes more credits. Your prompt is saved, please go on with me in private.",
}
BAD_AMOUNT: Said = {"vi": "{amount} không phải số credit hợp lệ.", "en": "{amount} is no amount of credits."}
BANNED: Said = {
    "vi": "🚫 Tài khoản chat này đã bị khoá. Lý do: {reason}\nBạn thấy không đúng? Gõ /appeal và lý do của bạn, quản trị viên sẽ "
    "đọc.\nBạn vẫn có quyền: /mydata tải dữ liệu, /deleteme xoá, /paysupport về thanh toán, /privacy, /terms.",
    "en": "🚫 This chat is banned. Reason: {reason}\nIf that is wrong, type /appeal and why; an admin will read it.\nYour rights "
    "stay: /mydata takes your data along, /deleteme deletes them, /paysupport is about payments, and /privacy, /terms.",
}
OTHER_FACTS: Said = {"vi": "Yêu cầu này đã được dùng cho việc khác.", "en": "This was used for something else."}
MAINTENANCE: Said = {
    "vi": "🔧 Imagify đang bảo trì, dự kiến xong lúc {until}. Credit của bạn vẫn an toàn.",
    "en": "🔧 Imagify is being worked on, until about {until}. Your credits are safe.",
}
LEAVING: Said = {
    "vi": "Dữ liệu của bạn đang được xoá. Bạn quay lại sau ít phút nhé.",
    "en": "Your data is being deleted. Please come back in a few minutes.",
}
OOPS: Said = {
    "vi": "😔 Có lỗi ở phía Imagify. Không có gì bị trừ. Bạn thử lại giúp mình; nếu vẫn lỗi, gửi mã {number}.",
    "en": "😔 Something went wrong on our side. Nothing was charged. Please try again; if it stays, quote {number}.",
}
LAID_ASIDE: Said = {
    "vi": "😔 Mình đã thử vài lần mà chưa xử lý xong tin nhắn của bạn. Xem /queue và /balance giúp mình; cần hỗ trợ thì gửi mã {number}.",
    "en": "😔 Your message could not be handled, though it was tried several times. Please look at /queue and /balance, and "
    "quote {number} if you need help.",
}
OLD_BUTTON: Said = {"vi": "Nút này không còn dùng được.", "en": "This button is of no use any more."}
