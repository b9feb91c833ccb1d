// Memory that a thread writes parts of answers in before it knows their size.
//
// Thread-safety: each thread has its own.

#ifndef TRAWL_SERVICE_DRAFT_H_
#define TRAWL_SERVICE_DRAFT_H_

#include <cstddef>
#include <cstdint>
#include <memory>

namespace trawl::service {

class Draft {
 public:
  // This thread's.
  static Draft& OfThread() {
    thread_local Draft draft;
    return draft;
  }

  // At least `size` bytes, until the next use.
  uint8_t* Room(size_t size) {
    if (size > capacity_) {
      bytes_ = std::make_unique_for_overwrite<uint8_t[]>(size);
      capacity_ = size;
    }
    return bytes_.get();
  }

 private:
  std::unique_ptr<uint8_t[]> bytes_;
  size_t capacity_ = 0;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_DRAFT_H_
