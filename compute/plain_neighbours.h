// What stands next to a run of plain ASCII, where that is simple.
//
// What most hosts have beside them takes a table look-up for each side; ReadNeighbours knows some
// more, and says where it does not. What it knows, it knows as HostFinder does.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_PLAIN_NEIGHBOURS_H_
#define TRAWL_COMPUTE_PLAIN_NEIGHBOURS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/code_points.h"
#include "compute/context.h"
#include "compute/detector.h"
#include "compute/finding.h"

namespace trawl::compute {

// What a byte next to a run is to it.
enum Neighbour : uint8_t {
  kPlainLeft = 1,       // says nothing
  kPlainRight = 2,      // says nothing
  kEvidenceRight = 4,   // ReadEvidence knows
  kUserinfoRight = 8,   // may go on to the @ of a URL
  kPlainAfterDot = 16,  // ends a sentence that ends in a host
  kMayJoinRight = 32,   // the run may go on: JoinsRight knows
  kAlphanumeric = 64,
};

inline constexpr std::array<uint8_t, 256> kNeighbours = [] {
  std::array<uint8_t, 256> bytes{};
  auto set = [&bytes](std::string_view of, int bits) {
    for (unsigned char c : of) bytes[c] = static_cast<uint8_t>(bytes[c] | bits);
  };
  auto clear = [&bytes](std::string_view of, int bits) {
    for (unsigned char c : of) bytes[c] = static_cast<uint8_t>(bytes[c] & ~bits);
  };
  for (size_t c = 0; c < 0x80; ++c) {
    if (!IsHostByte(static_cast<char>(c))) bytes[c] = kPlainLeft | kPlainRight | kPlainAfterDot;
    if (IsAlphanumeric(static_cast<char>(c))) bytes[c] = kAlphanumeric;
  }
  for (size_t c = 0x80; c < 0x100; ++c) bytes[c] = kMayJoinRight;
  clear("%\\])}./@[;=!", kPlainLeft);
  clear("@+%\\\"([{.:/?#", kPlainRight);
  clear("@+%\\\"([{.:/?#]", kPlainAfterDot);
  set(":/?#", kEvidenceRight);
  set("~!$&'*,;=:)", kUserinfoRight);
  set("([{\\.", kMayJoinRight);
  return bytes;
}();

inline uint8_t NeighbourOf(char c) { return kNeighbours[static_cast<unsigned char>(c)]; }

// Whether an @ stands left of `begin` as most mailboxes have it; ReadLeft knows the others. Two
// bytes left of `begin` are readable.
inline bool IsAfterLocalPart(const char* begin) {
  return begin[-1] == '@' && (NeighbourOf(begin[-2]) & kAlphanumeric) != 0;
}

// Whether a run that ends at `end` goes on beyond it in another notation or script. Two bytes are
// right of it.
bool JoinsRight(std::string_view document, size_t end);

// In one number, so that it is in one register.
class PlainNeighbours {
 public:
  // Both sides say nothing.
  constexpr PlainNeighbours() = default;
  constexpr explicit PlainNeighbours(LeftContext left, bool defanged = false,
                                     Evidence evidence = Evidence::kNone)
      : bits_(static_cast<uint32_t>(left) | static_cast<uint32_t>(evidence) << kEvidence |
              (defanged ? kDefanged : 0)) {}

  // Of what takes more to read: nothing else is known then.
  static constexpr PlainNeighbours NotSimple() {
    PlainNeighbours neighbours;
    neighbours.bits_ = kNotSimple;
    return neighbours;
  }

  bool is_simple() const { return bits_ != kNotSimple; }
  LeftContext left() const { return static_cast<LeftContext>(bits_ & kLeft); }
  Evidence evidence() const { return static_cast<Evidence>(bits_ >> kEvidence & kEvidences); }
  // Of the name, or what is left of it.
  bool is_defanged() const { return (bits_ & kDefanged) != 0; }
  void SetDefanged() { bits_ |= kDefanged; }
  bool is_left_only() const { return bits_ <= kLeft; }
  // What stands left says that this is a host, whatever it looks like.
  bool is_anchored() const { return (kAnchored >> (bits_ & kLeft) & 1) != 0; }

  // Adds what is known beyond the left context.
  void AddReasons(Reasons& reasons) const {
    if (is_left_only()) return;
    reasons.AddIf(is_defanged(), Reason::kDefanged);
    reasons.AddIf(evidence() != Evidence::kNone, Reason::kEvidence);
  }

 private:
  static constexpr uint32_t kLeft = 7;
  static constexpr uint32_t kEvidence = 3;
  static constexpr uint32_t kEvidences = 3;
  static constexpr uint32_t kDefanged = 32;
  static constexpr uint32_t kNotSimple = 64;
  static constexpr uint32_t kAnchored = 1u << static_cast<unsigned>(LeftContext::kScheme) |
                                        1u << static_cast<unsigned>(LeftContext::kMailbox);

  uint32_t bits_ = 0;
};

// Of a host at [begin, end) with eight bytes to its left and two to its right.
PlainNeighbours ReadNeighbours(std::string_view document, size_t begin, size_t end, Defang defang);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PLAIN_NEIGHBOURS_H_
