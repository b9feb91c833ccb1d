// The bytes of a document, in one piece or in several that follow each other.
//
// A message arrives from the network in slices; a document is what they hold, without a copy. What
// needs bytes in one piece asks for a range of them.
//
// Thread-safety: const access from any thread. The bytes outlive the object.

#ifndef TRAWL_COMPUTE_DOCUMENT_H_
#define TRAWL_COMPUTE_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::compute {

// Memory for ranges that are not in one piece; kept from use to use.
class Scratch {
 public:
  char* Room(size_t size) {
    if (size > capacity_) {
      bytes_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    return bytes_.get();
  }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
};

class Document {
 public:
  Document() = default;
  Document(std::string_view text) : size_(text.size()), whole_(text) {}    // NOLINT: is one
  Document(const char* text) : Document(std::string_view(text)) {}         // NOLINT: is one
  Document(const std::string& text) : Document(std::string_view(text)) {}  // NOLINT: is one
  explicit Document(std::vector<std::string_view> pieces);

  uint64_t size() const { return size_; }

  bool is_one_piece() const { return ends_.empty(); }

  // A range of the document's bytes in one piece, with what is around it.
  struct Window {
    std::string_view text;
    uint64_t begin = 0;  // where `text` begins
    uint64_t end = 0;    // of the range
  };

  // A window for the range from `begin` to `end` or, where the pieces make that cheaper, to an end
  // before it; never an empty range. Around it there are at least `left` and `right` bytes or all
  // that there are. The text is where the bytes are, or copied to `scratch` until its next use.
  Window WindowAt(uint64_t begin, uint64_t end, uint64_t left, uint64_t right,
                  Scratch& scratch) const;

 private:
  uint64_t BeginOf(size_t piece) const { return ends_[piece] - pieces_[piece].size(); }
  std::string_view Copy(uint64_t begin, uint64_t end, size_t piece, Scratch& scratch) const;

  uint64_t size_ = 0;
  std::string_view whole_;                // where it is one piece
  std::vector<std::string_view> pieces_;  // else
  std::vector<uint64_t> ends_;            // of the pieces
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DOCUMENT_H_
