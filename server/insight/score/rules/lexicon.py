"""Words by which a report is read. Written with their marks; a report typed without marks is compared without them.

The device reads the same lists: they go to it with the release, so nothing of this stands twice.
"""

from typing import Final


def _list(text: str) -> tuple[str, ...]:
    return tuple(" ".join(one.split()) for one in text.split(","))


#: Verbs of something that was done; they count after "đã", or with "xong" or "hoàn thành" beside them, or at the beginning of a sentence.
DONE: Final = _list(
    """
    trình, gửi, họp, ban hành, ký, nghiệm thu, bàn giao, triển khai, kiểm tra, rà soát, cập nhật, thống nhất, lập, soạn,
    soạn thảo, dự thảo, tổng hợp, xây dựng, tiếp nhận, giải quyết, trả, trả kết quả, thẩm định, tham mưu, hướng dẫn, tập
    huấn, đào tạo, khảo sát, thống kê, nhập, số hóa, kết nối, cài đặt, cấu hình, sửa, khắc phục, xử lý, phân công, đôn đốc,
    mời, làm việc, phối hợp, trao đổi, báo cáo, đăng tải, đăng, công bố, niêm yết, in, phát, cấp, thu, chuyển, lấy ý kiến,
    tiếp thu, chỉnh sửa, bổ sung, điều chỉnh, đối chiếu, chấm, thu thập, viết, mua sắm, lắp đặt, bảo trì, sao lưu, đánh giá,
    ghi nhận
    """
)

#: Words that say by themselves that something is finished.
FINISHED: Final = _list(
    """
    hoàn thành, hoàn tất, làm xong, xong, kết thúc, được phê duyệt, được ký, được thông qua, có kết quả
    """
)

NEXT: Final = _list(
    """
    tiếp theo, bước tiếp, sẽ, dự kiến, tuần tới, tuần sau, tháng tới, tháng sau, ngày mai, chiều nay, sắp tới, thời gian
    tới, còn lại, còn phải, trước ngày, kế hoạch tuần, việc còn lại
    """
)

OBSTACLE: Final = _list(
    """
    vướng, vướng mắc, khó khăn, trở ngại, tồn tại, hạn chế, chưa có, chưa nhận được, chưa trả lời, chưa thống nhất, chưa
    gửi, chậm, trễ, chờ, đợi, thiếu, lỗi, quá tải, đề nghị, kiến nghị, xin ý kiến, cần hỗ trợ, nguyên nhân, không liên hệ
    được, mất điện, mất mạng
    """
)

#: Said of any work on any day: they tell the reader nothing.
VAGUE: Final = _list(
    """
    đang triển khai, đang thực hiện, đang làm, đang tiến hành, đang xử lý, tiếp tục triển khai, tiếp tục thực hiện, tiếp tục
    theo dõi, theo kế hoạch, đúng kế hoạch, theo tiến độ, đúng tiến độ, đảm bảo tiến độ, bảo đảm tiến độ, cơ bản hoàn thành,
    cơ bản xong, bước đầu, tích cực, khẩn trương, quyết liệt, nghiêm túc, theo chỉ đạo, theo quy định, như đã báo cáo, như
    tuần trước, như kỳ trước, không thay đổi, bình thường, vẫn vậy, không có gì mới, một số nội dung, một số công việc, các
    nội dung liên quan, các công việc được giao, nhiệm vụ được giao, hoàn thành tốt, đạt kết quả tốt, ok, oke, đã rõ, đã nắm
    """
)

#: What is counted: a number beside one of these is a quantity.
COUNTED: Final = _list(
    """
    hồ sơ, văn bản, công văn, báo cáo, tờ trình, quyết định, thủ tục, lượt, người, đơn vị, xã, phường, huyện, sở, phòng,
    cuộc, buổi, lớp, học viên, máy, bộ, trang, biểu, mục, nội dung, trường hợp, ý kiến, yêu cầu, lỗi, phiếu, tài khoản, dịch
    vụ, quy trình, ngày, giờ, phút, triệu, đồng, bản, tin, bài, cái, chiếc, điểm, %, phần trăm, cơ quan, cán bộ, công chức,
    sản phẩm, đợt, lần
    """
)

#: What joins words to sentences; a string of words for the rules has hardly any.
JOINING: Final = _list(
    """
    cho, các, những, và, với, vào, của, tại, về, ở, trên, trong, từ, đến, để, theo, do, vì, nên, nhưng, còn, khi, thì, là, mà, bằng, đang,
    được, bị, này, đó, một, mỗi, cả, chưa, không, đúng, ra, lại
    """
)
