"""The first words: who we are, what we keep, and what can be done here."""

from bot.texts import Said

CONSENT: Said = {
    "vi": "Mình là Imagify, phần mềm tự động tạo ảnh bằng AI. Để tạo ảnh, mình cần lưu mã tài khoản chat, lời mô tả và "
    "ảnh của bạn, và gửi lời mô tả tới máy chủ AI ở nước ngoài. Bạn đồng ý chứ?",
    "en": "I am Imagify, software that makes pictures with AI. To do so I store the id of your chat, your prompts and "
    "your pictures, and send the prompts to an AI server abroad. Do you agree?",
}
KEPT_FOR_LATER: Said = {
    "vi": "Mình đã giữ lời mô tả của bạn, đồng ý xong là vẽ ngay.",
    "en": "Your prompt is kept and will be drawn as soon as you agree.",
}
AGREE: Said = {"vi": "Đồng ý", "en": "I agree"}
POLICY: Said = {"vi": "Xem chính sách", "en": "Read the policy"}
DECLINE: Said = {"vi": "Không", "en": "No"}
DECLINED: Said = {
    "vi": "Không sao. Mình không lưu gì thêm và không tạo ảnh. Khi nào đổi ý, cứ bấm Đồng ý.",
    "en": "That is fine. Nothing more is stored and no pictures are made. Press I agree whenever you change your mind.",
}
WELCOME: Said = {
    "vi": "👋 Chào bạn! Mình là Imagify – trợ lý AI biến lời mô tả của bạn thành ảnh. Bạn có {free} credit dùng thử. "
    "Cứ gõ mô tả, ví dụ: mèo mướp đội nón lá, tranh lụa.",
    "en": "👋 Hello! I am Imagify, an AI assistant that turns your words into pictures. You have {free} credits to try "
    "with. Just type what you want to see, for example: tabby cat in a conical hat, silk painting.",
}
WELCOME_BACK: Said = {
    "vi": "👋 Chào bạn trở lại! Bạn có {free} credit. Cứ gõ mô tả là mình vẽ.",
    "en": "👋 Welcome back! You have {free} credits. Type what you want to see.",
}
TRY: tuple[Said, ...] = (
    {"vi": "mèo mướp đội nón lá, tranh lụa", "en": "tabby cat in a conical hat, silk painting"},
    {"vi": "phố cổ Hội An đêm đèn lồng --ar 16:9", "en": "old town at night with lanterns --ar 16:9"},
    {"vi": "con rồng trên ruộng bậc thang, màu nước", "en": "a dragon over rice terraces, watercolour"},
)
PRIVACY: Said = {
    "vi": "🔒 Quyền riêng tư\n• Mình lưu: mã tài khoản chat, lời mô tả, ảnh, số dư và lịch sử credit.\n• Lời mô tả được "
    "gửi tới máy chủ AI không kèm danh tính của bạn.\n• Ảnh là riêng tư và mang dấu “do AI tạo”.\n• /mydata: tải mọi dữ "
    "liệu của bạn. /deleteme: xoá sau 7 ngày. Sổ credit được giữ lại không kèm danh tính.\nBạn đã đồng ý: {agreed}",
    "en": "🔒 Privacy\n• Stored: the id of your chat, your prompts, pictures, balance and credit history.\n• Prompts are "
    "sent to the AI server without saying who you are.\n• Pictures are private and carry a mark “made by AI”.\n• /mydata: "
    "download everything. /deleteme: erased after 7 days. The credit ledger stays without your identity.\nYou agreed: "
    "{agreed}",
}
NEVER: Said = {"vi": "chưa", "en": "not yet"}
HELP: Said = {
    "vi": "Gõ mô tả là mình vẽ. Thêm được: --ar 16:9 (tỉ lệ), --n 4 (số ảnh), --seed 7, --no chữ, --style anime.\n\n{list}",
    "en": "Type what you want to see. You may add: --ar 16:9 (ratio), --n 4 (how many), --seed 7, --no text, "
    "--style anime.\n\n{list}",
}
LANGUAGE_SET: Said = {"vi": "Từ giờ mình nói tiếng Việt.", "en": "From now on I speak English."}
CHOOSE_LANGUAGE: Said = {"vi": "Chọn ngôn ngữ / Choose a language", "en": "Choose a language / Chọn ngôn ngữ"}
