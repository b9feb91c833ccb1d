#include "service/request_walk.h"

#include <algorithm>
#include <cstdint>

namespace trawl::service {
namespace {

constexpr size_t kMaxOtherBytes = 64 << 10;

enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

// Reads forward through slices. A read that needs more than there is fails, and so do all after it.
class Cursor {
 public:
  explicit Cursor(const std::vector<grpc::Slice>& slices) : slices_(slices) {
    for (const grpc::Slice& slice : slices) left_ += slice.size();
  }

  bool at_end() const { return left_ == 0; }
  bool ok() const { return ok_; }

  // Of at most 64 bits; its bytes are added to `copy`.
  uint64_t Varint(std::string& copy) {
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (left_ == 0) break;
      const std::string_view byte = Take(1);
      copy.push_back(byte[0]);
      value |= static_cast<uint64_t>(byte[0] & 0x7F) << std::min(shift, 63);
      if ((byte[0] & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }

  // Calls take(piece) for the pieces of the next `size` bytes.
  template <typename TakePiece>
  void Bytes(uint64_t size, TakePiece take) {
    if (size > left_) {
      ok_ = false;
      return;
    }
    while (size > 0) {
      const std::string_view piece = Take(size);
      take(piece);
      size -= piece.size();
    }
  }

 private:
  // Up to `size` bytes, at least one, of the `left_` that there are.
  std::string_view Take(uint64_t size) {
    while (offset_ == slices_[slice_].size()) {
      ++slice_;
      offset_ = 0;
    }
    const grpc::Slice& slice = slices_[slice_];
    const size_t taken = std::min<uint64_t>(size, slice.size() - offset_);
    std::string_view piece(reinterpret_cast<const char*>(slice.begin()) + offset_, taken);
    offset_ += taken;
    left_ -= taken;
    return piece;
  }

  const std::vector<grpc::Slice>& slices_;
  size_t slice_ = 0;
  size_t offset_ = 0;
  uint64_t left_ = 0;
  bool ok_ = true;
};

}  // namespace

std::optional<WalkedRequest> WalkRequest(const std::vector<grpc::Slice>& slices, int data_field,
                                         int text_field) {
  WalkedRequest walked;
  Cursor cursor(slices);
  auto copy = [&](std::string_view piece) { walked.others += piece; };
  while (!cursor.at_end()) {
    const size_t begin = walked.others.size();
    const uint64_t tag = cursor.Varint(walked.others);
    const uint64_t field = tag >> 3;
    if (!cursor.ok() || field == 0 || field == static_cast<uint64_t>(text_field)) return {};
    switch (tag & 7) {
      case kVarint:
        cursor.Varint(walked.others);
        break;
      case kFixed64:
        cursor.Bytes(8, copy);
        break;
      case kFixed32:
        cursor.Bytes(4, copy);
        break;
      case kLengthDelimited: {
        const uint64_t size = cursor.Varint(walked.others);
        if (!cursor.ok()) return {};
        if (field == static_cast<uint64_t>(data_field)) {
          walked.others.resize(begin);
          walked.data.clear();
          cursor.Bytes(size, [&](std::string_view piece) { walked.data.push_back(piece); });
        } else {
          if (size > kMaxOtherBytes) return {};
          cursor.Bytes(size, copy);
        }
        break;
      }
      default:
        return {};
    }
    if (!cursor.ok() || walked.others.size() > kMaxOtherBytes) return {};
  }
  return walked;
}

}  // namespace trawl::service
