"""The office and its rooms as the law names them, for reading a plan where no organisation is stored yet."""

from server.plans.shapes import Unit

OWN_UNITS: tuple[Unit, ...] = (
    Unit(id="trung-tam", name="Trung tâm Phục vụ hành chính công tỉnh", short="Trung tâm", office=True),
    Unit(id="hcth", name="Phòng Hành chính - Tổng hợp", short="HCTH"),
    Unit(id="kstthc", name="Phòng Kiểm soát thủ tục hành chính", short="KSTTHC"),
    Unit(id="tntkq", name="Phòng Tiếp nhận và Trả kết quả giải quyết TTHC", short="TN&TKQ"),
    Unit(id="cntt", name="Phòng Ứng dụng CNTT và hỗ trợ nghiệp vụ", short="CNTT"),
)
