#include "compute/utf16_decoder.h"

#include <cstddef>

#include "compute/utf16.h"

namespace trawl::compute {
namespace {

// Whether the unit that ends at `end` is the first of a pair.
bool EndsInLead(const std::string& bytes, size_t end, bool big_endian) {
  const auto high = static_cast<unsigned char>(bytes[big_endian ? end - 2 : end - 1]);
  return (high & 0xFC) == 0xD8;
}

}  // namespace

std::string Utf16Decoder::Decode(const absl::Cord& part, bool last) {
  std::string bytes;
  bytes.reserve(rest_.size() + part.size());
  bytes += rest_;
  for (absl::string_view piece : part.Chunks()) bytes.append(piece.data(), piece.size());
  size_t end = bytes.size();
  if (!last) {
    end -= end % 2;
    if (end > 0 && EndsInLead(bytes, end, big_endian_)) end -= 2;
  }
  rest_ = bytes.substr(end);
  bytes.resize(end);
  return FromUtf16(bytes, big_endian_);
}

}  // namespace trawl::compute
