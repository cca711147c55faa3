"""What admins are told of painting without asking: what it costs, which route is out, which model ends."""

from bot.texts import Said

ALARMS: dict[str, Said] = {
    "spend near": {
        "vi": "💸 Tiền vẽ hôm nay ({pocket}) đã tới {spent} trên mức {cap}. Tới mức đó thì đơn mới bị từ chối, đơn đã nhận phải chờ.",
        "en": "💸 Painting has cost {spent} of {cap} today ({pocket}). At the cap new orders are refused and those taken wait.",
    },
    "spend cap": {
        "vi": "🛑 Tiền vẽ hôm nay ({pocket}) đã hết mức {cap}. Đơn mới bị từ chối tới nửa đêm giờ Việt Nam; đơn đã nhận thì chờ, chờ "
        "quá lâu sẽ được hoàn. Muốn vẽ tiếp: nâng IMAGIFY_SPEND_PER_DAY_{setting} rồi mở lại.",
        "en": "🛑 Painting has cost all of {cap} today ({pocket}). New orders are refused until midnight in Việt Nam; those taken "
        "wait, and are paid back if that is too long. To go on: raise IMAGIFY_SPEND_PER_DAY_{setting} and restart.",
    },
    "route off": {
        "vi": "🔌 Đường vẽ {route} ({model}) từ chối mình vì cấu hình: quyền, tên mẫu hay vùng. Cứ 10 phút mình thử lại; ảnh đang chờ "
        "vẫn giữ chỗ. Xem bằng: imagify doctor",
        "en": "🔌 The route {route} ({model}) refuses us for how it is set up: rights, the model's name or its Region. It is tried "
        "again every 10 minutes; pictures that wait keep their places. Look with: imagify doctor",
    },
    "no translation": {
        "vi": "🗣️ Không dịch được lời tả sang tiếng Anh ({reason}): việc {job} đã đóng và hoàn credit. Hôm nay lý do này chỉ báo một "
        "lần; đếm ở số đo imagify_wordings, xem việc hỏng bằng: /jobs failed",
        "en": "🗣️ A prompt could not be put into English ({reason}): job {job} is closed and its credits are back. Told once a day for "
        "this reason; counted in imagify_wordings, see what failed with: /jobs failed",
    },
    "job stuck": {
        "vi": "🧱 Việc {job} được nhận đi nhận lại mà không tới được người vẽ ({reason}). Đã đóng và hoàn credit. Xem nhật ký của việc này.",
        "en": "🧱 Job {job} was taken again and again and never came before a painter ({reason}). It is closed and its credits are "
        "back. Look for it in the log.",
    },
    "model ends": {
        "vi": "⏳ Còn {days} ngày nữa mẫu {model} ngừng ({date}). {then}",
        "en": "⏳ The model {model} ends in {days} days ({date}). {then}",
    },
    "model ended": {
        "vi": "⌛ Mẫu {model} đã ngừng ({date}), không vẽ nữa. {then}",
        "en": "⌛ The model {model} has ended ({date}) and paints no more. {then}",
    },
}
POCKETS: dict[str, Said] = {
    "paid": {"vi": "người đã trả tiền", "en": "of people who paid"},
    "gift": {"vi": "người dùng credit tặng", "en": "of people with gifts only"},
}
SUCCEEDED: Said = {"vi": "Vẽ thay: {successor}.", "en": "In its place: {successor}."}
NOBODY: Said = {"vi": "Chưa có mẫu nào thay.", "en": "Nothing is named to take its place."}
