// Any bytes as a compressed body: in parts and steps of any size it gives what it gives in one, and
// no step more than its room. What was packed comes back.
//
// The first byte chooses the encoding, and whether the rest are the body or what is packed into it,
// whole, twice, or with a byte changed. The second chooses the sizes, the third the byte.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "service/body_decoder.h"
#include "tests/support/packing.h"

namespace {

using trawl::service::BodyDecoder;

// A bomb is unpacked as far.
constexpr size_t kMaxOutput = 64 << 10;

// The largest window, and what a decoder has beside it.
constexpr uint64_t kMaxMemory = (16 << 20) + (1 << 20);

void Expect(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "not so: " << what << "\n";
  std::abort();
}

struct Unpacked {
  bool ok = true;
  bool ended = true;
  bool cut = false;  // at kMaxOutput
  std::string text;
};

Unpacked Unpack(const char* encoding, std::string_view body, size_t part, size_t room) {
  const std::unique_ptr<BodyDecoder> decoder = BodyDecoder::For(encoding);
  Unpacked all;
  for (size_t begin = 0; begin < body.size() && all.ok && !all.cut; begin += part) {
    const std::string_view piece = body.substr(begin, part);
    // Of its own size, so that a read beyond it is seen.
    const std::unique_ptr<char[]> copy(new char[piece.size()]);
    std::copy(piece.begin(), piece.end(), copy.get());
    std::string_view input(copy.get(), piece.size());
    bool more = false;
    while (all.ok && !all.cut && (!input.empty() || more)) {
      const std::unique_ptr<char[]> output(new char[room]);
      const BodyDecoder::Step step = decoder->Decode(input, std::span(output.get(), room));
      Expect(step.consumed <= input.size(), "no more is consumed than there is");
      Expect(step.produced <= room, "no more is produced than there is room for");
      Expect(decoder->memory_bytes() <= kMaxMemory, "the memory is bounded");
      all.ok = step.ok && (step.consumed > 0 || step.produced > 0 || input.empty());
      if (!all.ok) break;
      all.ended = step.ended;
      all.text.append(output.get(), step.produced);
      all.cut = all.text.size() >= kMaxOutput;
      input.remove_prefix(step.consumed);
      more = step.produced == room;
    }
  }
  all.text.resize(std::min(all.text.size(), kMaxOutput));
  return all;
}

struct Coding {
  const char* encoding;
  std::string (*pack)(std::string_view);
  bool concatenates;
};
constexpr Coding kCodings[] = {
    {"gzip", trawl::test::Gzip, true},
    {"br", trawl::test::Brotli, false},
    {"zstd", [](std::string_view text) { return trawl::test::Zstd(text); }, true},
    {"x-gzip", trawl::test::Gzip, true}};

constexpr size_t kParts[] = {1, 2, 7, 64, 1000, 16384};
constexpr size_t kRooms[] = {1, 13, 100, 4096, 131072};

bool IsPrefix(std::string_view a, std::string_view b) {
  return a.starts_with(b.substr(0, a.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  const Coding& coding = kCodings[data[0] % 4];
  const int form = data[0] / 4 % 4;
  const size_t part = kParts[data[1] % 6];
  const size_t room = kRooms[data[1] / 6 % 5];
  const std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);

  std::string body = form == 0 ? text : coding.pack(text);
  if (form == 2) body += coding.pack(text);
  if (form == 3) body[data[2] * body.size() / 256] ^= static_cast<char>(1 + data[2] % 255);
  const Unpacked whole = Unpack(coding.encoding, body, body.size() + 1, 1 << 16);
  const Unpacked parts = Unpack(coding.encoding, body, part, room);

  if (whole.ok && parts.ok) {
    Expect(whole.text == parts.text, "the text is the same however it comes");
    Expect(whole.cut || whole.ended == parts.ended, "the end is the same however it comes");
  } else {
    Expect(whole.ok == parts.ok || whole.cut || parts.cut, "so is what is wrong");
    Expect(IsPrefix(whole.text, parts.text) || IsPrefix(parts.text, whole.text),
           "so is what came before");
  }
  if (form == 1 || (form == 2 && coding.concatenates)) {
    Expect(whole.ok && (whole.ended || whole.cut), "what was packed is whole");
    const std::string expected = form == 2 ? text + text : text;
    Expect(whole.text == expected.substr(0, kMaxOutput), "what was packed comes back");
  }
  return 0;
}
