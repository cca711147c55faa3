"""What admins read."""

from bot.texts import Said

MENU: Said = {"vi": "🔧 Lệnh quản trị\n{list}", "en": "🔧 Admin commands\n{list}"}
SURE: Said = {"vi": "Chắc chứ? {what}", "en": "Sure? {what}"}
YES: Said = {"vi": "Đúng, làm đi", "en": "Yes, do it"}
STALE: Said = {"vi": "Lệnh này đã làm rồi hoặc đã quá hạn.", "en": "This was done already, or is too old."}
GRANT: Said = {
    "vi": "Cộng {credits} credit cho {person}. Lý do: {reason}",
    "en": "Give {credits} credits to {person}. Reason: {reason}",
}
GRANTED: Said = {
    "vi": "Đã cộng {credits}. Số dư của {person}: {free}.",
    "en": "Given {credits}. {person} now has {free}.",
}
GRANT_TOLD: Said = {
    "vi": "🎁 Bạn được cộng {credits} credit: {reason}",
    "en": "🎁 You were given {credits} credits: {reason}",
}
BAN: Said = {"vi": "Khoá {person}. Lý do: {reason}", "en": "Ban {person}. Reason: {reason}"}
BANNED: Said = {"vi": "Đã khoá {person}.", "en": "{person} is banned."}
UNBAN: Said = {"vi": "Mở khoá {person}. Lý do: {reason}", "en": "Unban {person}. Reason: {reason}"}
UNBANNED: Said = {"vi": "Đã mở khoá {person}.", "en": "{person} is no longer banned."}
USER: Said = {
    "vi": "👤 {person}\nTrạng thái: {status} · ngôn ngữ: {language}\nĐịa chỉ: {addresses}\nCredit: {free} ({gift} tặng, {held} "
    "giữ){frozen}\nẢnh mới nhất: {images}",
    "en": "👤 {person}\nStatus: {status} · language: {language}\nAddresses: {addresses}\nCredits: {free} ({gift} gift, {held} "
    "held){frozen}\nNewest pictures: {images}",
}
BANNED_SINCE: Said = {
    "vi": "🚫 Bị khoá từ {since} · lý do: {reason} · bởi {by}",
    "en": "🚫 Banned since {since} · reason: {reason} · by {by}",
}
BANNED_PEOPLE: Said = {"vi": "🚫 Đang bị khoá: {count}\n{list}", "en": "🚫 Banned: {count}\n{list}"}
NOBODY_BANNED: Said = {"vi": "Không ai bị khoá.", "en": "Nobody is banned."}
JOBS: Said = {"vi": "🧰 Việc {kind}: {count}\n{list}", "en": "🧰 Jobs {kind}: {count}\n{list}"}
JOB: Said = {"vi": "• {id} · {state} · {age} · {reason}", "en": "• {id} · {state} · {age} · {reason}"}
STATES: dict[str, Said] = {
    "queued": {"vi": "đang chờ", "en": "waiting"},
    "painting": {"vi": "đang vẽ", "en": "being painted"},
    "failed": {"vi": "hỏng", "en": "failed"},
}
REASONS: dict[str, Said] = {
    "": {"vi": "chờ tới lượt", "en": "for its turn"},
    "wordless": {
        "vi": "chờ dịch sang tiếng Anh, người dịch đang vắng",
        "en": "for a translation, the translator is away",
    },
    "untranslated": {"vi": "không dịch được lời tả", "en": "no translation of the words was believed"},
    "throttled": {"vi": "nhà cung cấp bảo đi chậm lại", "en": "the vendor asked us to slow down"},
    "outage": {"vi": "nhà cung cấp đang hỏng", "en": "the vendor is down"},
    "timeout": {"vi": "nhà cung cấp không trả lời kịp", "en": "the vendor did not answer in time"},
    "broken": {"vi": "câu trả lời của nhà cung cấp không dùng được", "en": "the vendor's answer was of no use"},
    "misconfigured": {
        "vi": "đường vẽ cấu hình sai, xem imagify doctor",
        "en": "the route is set up wrongly, see imagify doctor",
    },
    "shut": {"vi": "đường vẽ đang nghỉ vì lỗi", "en": "the route is left alone after errors"},
    "worn out": {"vi": "thử quá nhiều lần", "en": "tried too often"},
    "declined": {"vi": "người vẽ từ chối", "en": "the painter declined"},
    "blocked": {"vi": "ảnh trái quy định nội dung", "en": "the picture broke the content rules"},
    "unread": {"vi": "người vẽ bỏ túi không biết từ nào", "en": "the pocket painter knew no word"},
    "overdue": {"vi": "chờ quá lâu", "en": "it waited too long"},
}
RETRIED: Said = {"vi": "Đã gọi lại {id}.", "en": "{id} is called again."}
NOT_STUCK: Said = {
    "vi": "{id} đang ở trạng thái {state}, không gọi lại được.",
    "en": "{id} is {state} and cannot be called again.",
}
STATS: Said = {
    "vi": "📊 {days} ngày\nẢnh: {images} · lỗi: {failed} · huỷ: {cancelled} · hoàn: {returned}\nCredit đã dùng: {credits}\nChi phí: "
    "${cost}\nĐang chờ: {queued} · đang vẽ: {painting}",
    "en": "📊 {days} days\nPictures: {images} · failed: {failed} · cancelled: {cancelled} · given back: {returned}\nCredits used: "
    "{credits}\nCost: ${cost}\nQueued: {queued} · painting: {painting}",
}
MAINTENANCE_ON: Said = {"vi": "🔧 Bảo trì đến {until}.", "en": "🔧 Maintenance until {until}."}
MAINTENANCE_OFF: Said = {"vi": "Hết bảo trì.", "en": "Maintenance is over."}
DOES: dict[str, Said] = {
    "admin": {"vi": "các lệnh quản trị", "en": "what admins can do"},
    "grant": {"vi": "cộng credit cho một người", "en": "give credits to a person"},
    "user": {"vi": "xem một người", "en": "look a person up"},
    "ban": {"vi": "khoá một người", "en": "ban a person"},
    "unban": {"vi": "mở khoá một người", "en": "end a ban"},
    "banned": {"vi": "những người bị khoá", "en": "who is banned"},
    "jobs": {"vi": "việc bị kẹt hoặc lỗi", "en": "jobs that are stuck or failed"},
    "retry": {"vi": "gọi lại một việc bị kẹt", "en": "call a stuck job again"},
    "stats": {"vi": "số liệu", "en": "figures"},
    "maintenance": {"vi": "bật, tắt bảo trì", "en": "begin or end maintenance"},
}
USAGES: dict[str, Said] = {
    "grant": {"vi": "/grant NGƯỜI CREDIT LÝ_DO", "en": "/grant PERSON CREDITS REASON"},
    "user": {
        "vi": "/user NGƯỜI (mã người, telegram:123, e-mail, mã đơn, mã ảnh hoặc mã hỗ trợ)",
        "en": "/user PERSON (their id, telegram:123, an e-mail, the code of an order, of a picture or of a failure)",
    },
    "ban": {"vi": "/ban NGƯỜI LÝ_DO", "en": "/ban PERSON REASON"},
    "unban": {"vi": "/unban NGƯỜI LÝ_DO", "en": "/unban PERSON REASON"},
    "jobs": {"vi": "/jobs stuck hoặc /jobs failed", "en": "/jobs stuck or /jobs failed"},
    "retry": {"vi": "/retry VIỆC", "en": "/retry JOB"},
    "stats": {"vi": "/stats 7d (hôm nay, 7 ngày, tuần, tháng)", "en": "/stats 7d (today, 7 days, week, month)"},
    "maintenance": {
        "vi": "/maintenance on 15 (phút), /maintenance off",
        "en": "/maintenance on 15 (minutes), /maintenance off",
    },
}
