// Undoes the Content-Encoding of a body that arrives in parts: gzip, br or zstd.
//
// libcurl would do it, too, but all that 16 KiB stand for at once: a transfer that waits then holds
// up to 64 MiB, and a bomb is unpacked on the thread of all transfers. Here output is made in steps
// of a bounded size.
//
// Thread-safety: one thread at a time. Lifetime: a body's.

#ifndef TRAWL_SERVICE_BODY_DECODER_H_
#define TRAWL_SERVICE_BODY_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace trawl::service {

class BodyDecoder {
 public:
  // The value of Accept-Encoding.
  static constexpr char kAccepted[] = "gzip, br, zstd";

  struct Step {
    bool ok = true;       // the body is valid so far; else the rest of this means nothing
    size_t consumed = 0;  // of the input
    size_t produced = 0;  // of the room
    bool ended = false;   // what came so far is whole
  };

  // For a Content-Encoding in lower case. Null: it is none of the accepted ones.
  static std::unique_ptr<BodyDecoder> For(std::string_view encoding);

  virtual ~BodyDecoder() = default;
  BodyDecoder(const BodyDecoder&) = delete;
  BodyDecoder& operator=(const BodyDecoder&) = delete;

  // Unpacks into `room`, which is not empty, until it is full or the input is used up. Where it is
  // full, there may be more without further input.
  virtual Step Decode(std::string_view input, std::span<char> room) = 0;

  // Memory that it holds: the window of what it unpacks, up to 16 MiB.
  virtual uint64_t memory_bytes() const = 0;

 protected:
  BodyDecoder() = default;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_BODY_DECODER_H_
