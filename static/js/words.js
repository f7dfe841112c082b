// The sentences that the scripts say, in one place.
export const words = {
  offline: "Không có mạng. Những gì bạn viết vẫn ở đây và chưa được gửi.",
  unreachable: "Chưa gửi được vì không kết nối được máy chủ. Những gì bạn viết vẫn ở đây; xin thử lại.",
  broken: "Máy chủ chưa trả lời được. Những gì bạn viết vẫn ở đây; xin thử lại sau ít phút.",
  copied: "Đã sao chép.",
  copySelf: "Trình duyệt không cho sao chép tự động. Đoạn chữ đã được chọn: hãy tự sao chép.",
  draft: "Đã lấy lại phần bạn viết dở.",
  leave: "Bạn có thay đổi chưa lưu. Rời trang này?",
  close: "Đóng thông báo",
  /** @param {string} name @param {string} limit */
  tooLarge: (name, limit) => `Tệp “${name}” lớn hơn ${limit}. Xin chọn tệp khác hoặc nén lại.`,
  shows: "Hiện mật khẩu",
  hides: "Ẩn mật khẩu",
  workingOffline: "Đang ngoại tuyến",
  signInAgain: "Phiên làm việc đã hết; đăng nhập lại để gửi tiếp.",
  /** @param {number} count */
  waits: (count) => `${count} mục chờ gửi`,
  /** @param {number} count */
  refused: (count) => `${count} mục cần xem`,
  install: "Đặt Sổ Việc lên màn hình chính để mở nhanh và dùng cả khi không có mạng.",
  installs: "Cài đặt",
  installIphone: "Đặt Sổ Việc lên màn hình chính: bấm Chia sẻ → Thêm vào Màn hình chính.",
  pushFailed: "Chưa bật hoặc tắt được thông báo trên thiết bị này; xin thử lại sau ít phút.",
  pushDismissed: "Trình duyệt đã hỏi nhưng bạn chưa chọn. Bấm lại rồi chọn Cho phép.",
  pushNoWorker: "Trình duyệt chưa sẵn sàng nhận thông báo; hãy tải lại trang rồi thử lại.",
};
