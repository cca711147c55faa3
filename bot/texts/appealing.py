"""What is said of an appeal, to whoever makes it and to the admins."""

from bot.texts import Said

HOW: Said = {
    "vi": "📮 Viết lý do sau lệnh, ví dụ: /appeal Mình bị khoá nhầm vì… Quản trị viên sẽ đọc và trả lời ở đây.",
    "en": "📮 Say why behind the command, for example: /appeal I was banned by mistake, because… An admin reads it and answers here.",
}
MADE: Said = {
    "vi": "📮 Đã gửi khiếu nại của bạn tới quản trị viên. Bạn sẽ nhận câu trả lời ở đây. Gửi lại thì lời mới thay lời cũ.",
    "en": "📮 Your appeal is with the admins, who answer here. If you send another one, it takes the place of this.",
}
BUTTON: Said = {"vi": "📮 Khiếu nại", "en": "📮 Appeal"}
NOTHING: Said = {
    "vi": "📮 Tài khoản chat này không bị khoá. Khiếu nại một câu bị từ chối: /appeal và chép lại câu đó. Thanh toán: "
    "/paysupport.",
    "en": "📮 This chat is not banned. To appeal against a refusal: /appeal and the refused sentence. About payments: "
    "/paysupport.",
}
MADE_OF_WORDS: Said = {
    "vi": "📮 Đã gửi khiếu nại {code} ({group}) tới quản trị viên, kèm nguyên câu của bạn.\nMình lưu câu đó chỉ vì bạn đã khiếu "
    "nại, và xoá 30 ngày sau khi có câu trả lời. Bạn nhận câu trả lời ở đây, trong 2 ngày làm việc.",
    "en": "📮 Appeal {code} ({group}) is with the admins, with your sentence as it is.\nThe sentence is kept only because you "
    "appealed, and deleted 30 days after the answer. You read the answer here, within 2 working days.",
}
MADE_OF_UPLOAD: Said = {
    "vi": "📮 Đã gửi khiếu nại {code} ({group}) tới quản trị viên. Ảnh không được giữ lại, nên họ chỉ thấy loại quy định đã chặn "
    "nó. Bạn nhận câu trả lời ở đây, trong 2 ngày làm việc.",
    "en": "📮 Appeal {code} ({group}) is with the admins. The picture was not kept, so they see only which kind of rule it "
    "broke. You read the answer here, within 2 working days.",
}
SAY_AGAIN: Said = {
    "vi": "📮 Câu bị từ chối không được lưu ở đây. Để khiếu nại, bạn chép lại nguyên câu sau lệnh:\n/appeal CÂU_BỊ_TỪ_CHỐI\n"
    "Quản trị viên sẽ đọc câu đó; trước khi bạn gửi, mình không giữ gì.",
    "en": "📮 The refused sentence is not kept here. To appeal, repeat it as it was behind the command:\n/appeal "
    "REFUSED_SENTENCE\nAdmins will read it; nothing is kept before you send it.",
}
NOT_REFUSED: Said = {
    "vi": "📮 Câu này hiện không trái quy định nào, bạn gửi lại là vẽ được. Chưa lưu gì cả.",
    "en": "📮 This sentence breaks no rule now; send it and it is drawn. Nothing was kept.",
}
ANSWERED_BEFORE: dict[str, Said] = {
    "granted": {
        "vi": "✅ Khiếu nại {code} đã được chấp nhận: câu đó được vẽ một lần.",
        "en": "✅ Appeal {code} was granted before: the sentence may be drawn once.",
    },
    "lost": {
        "vi": "📮 Khiếu nại {code} đã được xem và quyết định giữ nguyên. Bạn hãy sửa câu rồi gửi lại.",
        "en": "📮 Appeal {code} was answered before: the decision stands. Please change the sentence.",
    },
}
WITHDRAWN: Said = {
    "vi": "✅ Khiếu nại {appeal} được chấp nhận: đúng câu đó được vẽ một lần trong 30 ngày. Bấm nút dưới đây, hoặc gửi lại nguyên "
    "câu; giá như thường, và ảnh vẽ ra vẫn được kiểm tra. Lý do: {reason}",
    "en": "✅ Appeal {appeal} was granted: the very same sentence may be drawn once within 30 days. Press below or send it "
    "again, at the usual price; the picture is still checked. Reason: {reason}",
}
UPLOAD_WITHDRAWN: Said = {
    "vi": "✅ Khiếu nại {appeal} được chấp nhận: ảnh của bạn bị từ chối nhầm, mình xin lỗi. Ảnh không còn ở đây; gửi lại thì máy vẫn "
    "kiểm tra như mọi ảnh. Lý do: {reason}",
    "en": "✅ Appeal {appeal} was granted: your picture was refused by mistake, and we are sorry. It is no longer here; sent "
    "again, it is checked like any other. Reason: {reason}",
}
DRAW: Said = {"vi": "🎨 Vẽ câu đó", "en": "🎨 Draw it"}
PASSED: Said = {
    "vi": "📮 Câu này đã được vẽ một lần, hoặc đã quá 30 ngày. Không trừ credit.",
    "en": "📮 It was drawn once before, or 30 days are over. No credits were used.",
}
TOO_LONG: Said = {
    "vi": "✂️ Lời khiếu nại dài {count} ký tự, tối đa {most}. Chưa gửi gì cả, bạn rút ngắn giúp mình nhé.",
    "en": "✂️ The appeal has {count} characters, {most} at most. Nothing was sent yet; please shorten it.",
}
WON: Said = {
    "vi": "✅ Khiếu nại của bạn được chấp nhận, tài khoản chat đã mở lại. {reason}",
    "en": "✅ Your appeal was granted and the chat is open again. {reason}",
}
LOST: Said = {
    "vi": "📮 Quản trị viên đã xem khiếu nại của bạn và giữ nguyên quyết định. Lý do: {reason}",
    "en": "📮 An admin has read your appeal and stays with the decision. Reason: {reason}",
}
LISTED: Said = {"vi": "📮 Khiếu nại đang chờ: {count}\n{list}", "en": "📮 Appeals that wait: {count}\n{list}"}
LINE: Said = {
    "vi": "• {whose} · {at} · đã chờ {age} · {clock}\n  {about}\n  “{words}”",
    "en": "• {whose} · {at} · {age} old · {clock}\n  {about}\n  “{words}”",
}
DUE: Said = {"vi": "hạn {due}", "en": "due {due}"}
OVERDUE: Said = {"vi": "⏰ QUÁ HẠN từ {due}", "en": "⏰ OVERDUE since {due}"}
ABOUT: dict[str, Said] = {
    "ban": {"vi": "bị khoá", "en": "ban"},
    "words": {"vi": "câu bị từ chối: {rule} ({person})", "en": "refused words: {rule} ({person})"},
    "picture": {"vi": "ảnh vẽ ra bị từ chối: {rule} ({person})", "en": "refused result: {rule} ({person})"},
    "upload": {"vi": "ảnh gửi lên bị từ chối: {rule} ({person})", "en": "refused photo: {rule} ({person})"},
}
NONE: Said = {"vi": "Không có khiếu nại nào đang chờ.", "en": "No appeal is waiting."}
NEXT: Said = {
    "vi": "Bị khoá: /unban NGƯỜI LÝ_DO để mở. Bị từ chối: /allow MÃ LÝ_DO để cho vẽ một lần.\nGiữ nguyên: /uphold MÃ LÝ_DO (hoặc "
    "NGƯỜI, nếu bị khoá).",
    "en": "A ban: /unban PERSON REASON ends it. A refusal: /allow CODE REASON lets it pass once.\nTo stay with the decision: "
    "/uphold CODE REASON (or PERSON, of a ban).",
}
UNBAN_INSTEAD: Said = {
    "vi": "Khiếu nại này về việc bị khoá. Để mở khoá: /unban {person} LÝ_DO.",
    "en": "This appeal is against a ban. To end it: /unban {person} REASON.",
}
SURE_ALLOW: Said = {
    "vi": "Cho vẽ một lần đúng câu này ({code}): “{words}”. Lý do: {reason}",
    "en": "Let these very words pass once ({code}): “{words}”. Reason: {reason}",
}
SURE_ALLOW_UPLOAD: Said = {
    "vi": "Nhận là ảnh bị từ chối nhầm ({code}). Lý do: {reason}",
    "en": "Grant that the photo was refused by mistake ({code}). Reason: {reason}",
}
ALLOWED: Said = {"vi": "Đã chấp nhận khiếu nại {person}.", "en": "Appeal {person} is granted."}
NO_APPEAL: Said = {"vi": "{person} không có khiếu nại nào đang chờ.", "en": "No appeal of {person} is waiting."}
SURE_UPHOLD: Said = {
    "vi": "Giữ nguyên quyết định với {person}. Lý do: {reason}",
    "en": "Stay with the decision about {person}. Reason: {reason}",
}
UPHELD: Said = {
    "vi": "Đã trả lời khiếu nại của {person}: giữ nguyên.",
    "en": "The appeal of {person} is answered: the decision stands.",
}
ALARMS: dict[str, Said] = {
    "appeal": {
        "vi": "📮 Có người khiếu nại một quyết định. Xem và trả lời: /appeals",
        "en": "📮 Somebody appeals against a decision. To read and answer: /appeals",
    },
}
DOES: dict[str, Said] = {
    "allow": {"vi": "cho câu bị từ chối được vẽ một lần", "en": "let refused words pass once"},
    "appeal": {"vi": "khiếu nại khi bị khoá hoặc bị từ chối", "en": "say why a ban or a refusal is wrong"},
    "appeals": {"vi": "khiếu nại đang chờ trả lời", "en": "appeals that wait for an answer"},
    "uphold": {"vi": "giữ nguyên quyết định bị khiếu nại", "en": "stay with a decision that is appealed against"},
}
USAGES: dict[str, Said] = {
    "allow": {"vi": "/allow MÃ LÝ_DO", "en": "/allow CODE REASON"},
    "uphold": {"vi": "/uphold MÃ_HOẶC_NGƯỜI LÝ_DO", "en": "/uphold CODE_OR_PERSON REASON"},
}
