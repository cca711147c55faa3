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
NOTHING: Said = {
    "vi": "📮 Tài khoản chat này không bị khoá nên không có gì để khiếu nại. Chuyện thanh toán: /paysupport.",
    "en": "📮 This chat is not banned, so there is nothing to appeal against. About payments: /paysupport.",
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
LINE: Said = {"vi": "• {person} · {at} · {about}\n  “{words}”", "en": "• {person} · {at} · {about}\n  “{words}”\n"}
NONE: Said = {"vi": "Không có khiếu nại nào đang chờ.", "en": "No appeal is waiting."}
NEXT: Said = {
    "vi": "Chấp nhận: /unban NGƯỜI LÝ_DO. Giữ nguyên: /uphold NGƯỜI LÝ_DO.",
    "en": "To grant one: /unban PERSON REASON. To stay with the decision: /uphold PERSON REASON.",
}
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
    "appeal": {"vi": "khiếu nại khi bị khoá", "en": "say why a ban is wrong"},
    "appeals": {"vi": "khiếu nại đang chờ trả lời", "en": "appeals that wait for an answer"},
    "uphold": {"vi": "giữ nguyên quyết định bị khiếu nại", "en": "stay with a decision that is appealed against"},
}
USAGES: dict[str, Said] = {
    "uphold": {"vi": "/uphold NGƯỜI LÝ_DO", "en": "/uphold PERSON REASON"},
}
