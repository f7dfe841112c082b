"""The vocabulary of agencies: abbreviations, names that mean the same, and the usual agencies of a province."""

#: Folded words → the words they stand for. Words that only join ("và", "&") are dropped before comparing.
SHORT_FORMS: dict[str, str] = {
    "tthcc": "trung tam hanh chinh cong", "hcc": "hanh chinh cong", "pvhcc": "phuc vu hanh chinh cong", "ttpvhcc": "trung tam phuc vu hanh chinh cong",
    "tthc": "thu tuc hanh chinh", "ksttthc": "kiem soat thu tuc hanh chinh", "kstthc": "kiem soat thu tuc hanh chinh", "hcth": "hanh chinh tong hop",
    "hctc": "hanh chinh to chuc", "tntkq": "tiep nhan tra ket qua", "tnvtkq": "tiep nhan tra ket qua", "tkq": "tra ket qua", "tnhs": "tiep nhan ho so",
    "cntt": "cong nghe thong tin", "udcntt": "ung dung cong nghe thong tin", "cds": "chuyen doi so", "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan",
    "ubmttq": "uy ban mat tran to quoc", "mttq": "mat tran to quoc", "vp": "van phong", "vpub": "van phong uy ban nhan dan", "vpubnd": "van phong uy ban nhan dan",
    "tttt": "thong tin truyen thong", "khcn": "khoa hoc cong nghe", "khdt": "ke hoach dau tu", "tnmt": "tai nguyen moi truong", "gddt": "giao duc dao tao",
    "gtvt": "giao thong van tai", "nnptnt": "nong nghiep phat trien nong thon", "nnmt": "nong nghiep moi truong", "ldtbxh": "lao dong thuong binh xa hoi",
    "ldtb": "lao dong thuong binh", "xh": "xa hoi", "vhttdl": "van hoa the thao du lich", "vhtt": "van hoa the thao", "dl": "du lich", "bqlkcn": "ban quan ly cac khu cong nghiep",
    "kcn": "khu cong nghiep", "bql": "ban quan ly", "nhnn": "ngan hang nha nuoc", "bhxh": "bao hiem xa hoi", "kbnn": "kho bac nha nuoc", "tw": "trung uong",
    "ptth": "phat thanh truyen hinh", "csdl": "co so du lieu", "ttg": "thu tuong", "vnpt": "vnpt", "dttg": "dan toc ton giao", "ubkt": "uy ban kiem tra",
    "vks": "vien kiem sat", "ldld": "lien doan lao dong", "nckh": "nghien cuu khoa hoc", "ktxh": "kinh te xa hoi", "ncptktxh": "nghien cuu phat trien kinh te xa hoi",
}  # fmt: skip
#: Short words that stand apart ("TT - TT", "KH & CN") once punctuation is gone, the longest first.
SPREAD_FORMS: tuple[tuple[str, str], ...] = (
    ("vh tt dl", "van hoa the thao du lich"), ("vh the thao dl", "van hoa the thao du lich"), ("ld tb xh", "lao dong thuong binh xa hoi"),
    ("ld tbxh", "lao dong thuong binh xa hoi"), ("ldtb xh", "lao dong thuong binh xa hoi"), ("nn ptnt", "nong nghiep phat trien nong thon"),
    ("nn mt", "nong nghiep moi truong"), ("tn mt", "tai nguyen moi truong"), ("gd dt", "giao duc dao tao"), ("kh dt", "ke hoach dau tu"),
    ("kh cn", "khoa hoc cong nghe"), ("tt tt", "thong tin truyen thong"), ("tn tkq", "tiep nhan tra ket qua"), ("tn tra ket qua", "tiep nhan tra ket qua"),
    ("hc th", "hanh chinh tong hop"), ("ks tthc", "kiem soat thu tuc hanh chinh"), ("pt th", "phat thanh truyen hinh"), ("dt tg", "dan toc ton giao"),
    ("tt hcc", "trung tam hanh chinh cong"), ("tt pvhcc", "trung tam phuc vu hanh chinh cong"), ("tt phuc vu", "trung tam phuc vu"), ("tt hanh chinh", "trung tam hanh chinh"),
    ("qui dinh", "quy dinh"),
)  # fmt: skip

#: Names of this office and its rooms that mean the same; a unit that has one of them answers to all of its line.
OWN_NAMES: tuple[tuple[str, ...], ...] = (
    ("Trung tâm Phục vụ hành chính công tỉnh", "Trung tâm Phục vụ hành chính công", "Trung tâm Hành chính công tỉnh", "Trung tâm Hành chính công",
     "Trung tâm HCC tỉnh", "Trung tâm HCC", "TTHCC", "TTHCC tỉnh", "TTPVHCC", "TTPVHCC tỉnh", "Trung tâm PVHCC", "Trung tâm PVHCC tỉnh",
     "Trung tâm Phục vụ hành chính công cấp tỉnh", "Trung tâm Hành chính công cấp tỉnh"),
    ("Phòng Hành chính - Tổng hợp", "Hành chính - Tổng hợp", "Phòng HCTH", "HCTH", "Phòng Hành chính", "Văn phòng Trung tâm", "Phòng Tổng hợp"),
    ("Phòng Kiểm soát thủ tục hành chính", "Kiểm soát thủ tục hành chính", "Phòng KSTTHC", "KSTTHC", "Phòng Kiểm soát TTHC"),
    ("Phòng Tiếp nhận và Trả kết quả giải quyết thủ tục hành chính", "Phòng Tiếp nhận và Trả kết quả", "Tiếp nhận và trả kết quả", "Phòng TN&TKQ", "TN&TKQ", "TNTKQ",
     "Phòng TNTKQ", "Tiếp nhận và Trả kết quả giải quyết thủ tục hành chính", "Phòng Tiếp nhận hồ sơ và Trả kết quả", "Bộ phận Tiếp nhận và Trả kết quả"),
    ("Phòng Ứng dụng công nghệ thông tin và hỗ trợ nghiệp vụ", "Ứng dụng công nghệ thông tin và hỗ trợ nghiệp vụ", "Phòng CNTT", "CNTT", "Phòng Ứng dụng CNTT",
     "Ứng dụng công nghệ thông tin", "Phòng Công nghệ thông tin", "Phòng CNTT và hỗ trợ nghiệp vụ"),
    ("Ban Lãnh đạo", "Lãnh đạo Trung tâm", "Ban Lãnh đạo Trung tâm", "Ban Giám đốc", "Ban Giám đốc Trung tâm", "Giám đốc Trung tâm", "Lãnh đạo"),
)  # fmt: skip

#: Agencies outside this office, by the name people know; what follows (a province's name) may differ.
OUTSIDE: tuple[str, ...] = (
    "Văn phòng UBND tỉnh", "Văn phòng Ủy ban nhân dân", "UBND tỉnh", "HĐND tỉnh", "Văn phòng Đoàn ĐBQH và HĐND tỉnh", "Tỉnh ủy", "Văn phòng Tỉnh ủy",
    "Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ", "Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Sở Kế hoạch và Đầu tư", "Sở Xây dựng", "Sở Công Thương", "Sở Y tế",
    "Sở Giao thông vận tải", "Sở Giáo dục và Đào tạo", "Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Phát triển nông thôn", "Sở Nông nghiệp và Môi trường",
    "Sở Lao động - Thương binh và Xã hội", "Sở Văn hóa, Thể thao và Du lịch", "Sở Văn hóa và Thể thao", "Sở Du lịch", "Sở Dân tộc và Tôn giáo", "Sở Ngoại vụ", "Sở Quy hoạch - Kiến trúc",
    "Ban Dân tộc", "Ban Quản lý các khu công nghiệp", "Thanh tra tỉnh", "Công an tỉnh", "Bộ Chỉ huy Quân sự tỉnh", "Cục Thuế", "Thuế tỉnh", "Cục Hải quan", "Cục Thống kê",
    "Kho bạc Nhà nước", "Bảo hiểm xã hội tỉnh", "Ngân hàng Nhà nước", "Viện kiểm sát nhân dân tỉnh", "Tòa án nhân dân tỉnh", "Liên đoàn Lao động tỉnh", "Tỉnh đoàn",
    "Đài Phát thanh và Truyền hình", "Cổng thông tin điện tử tỉnh", "Viện NCPTKTXH tỉnh", "Ủy ban Mặt trận Tổ quốc tỉnh", "Bưu điện tỉnh", "Điện lực tỉnh", "Văn phòng Chính phủ",
    "UBND cấp huyện", "UBND cấp xã", "UBND cấp huyện, cấp xã", "Các sở, ban, ngành", "Các sở, ngành", "Trung tâm HCC cấp huyện", "Bộ phận Một cửa",
)  # fmt: skip
