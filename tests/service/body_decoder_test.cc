#include "service/body_decoder.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>

#include "tests/support/packing.h"

namespace trawl::service {
namespace {

using test::Brotli;
using test::Gzip;
using test::Zstd;

struct Coding {
  const char* name;
  std::function<std::string(const std::string&)> pack;
  bool concatenates;
};

const Coding kCodings[] = {
    {"gzip", Gzip, true}, {"br", Brotli, false}, {"zstd", [](auto& t) { return Zstd(t); }, true}};

struct Unpacked {
  bool ok = true;
  bool ended = true;
  std::string text;
  uint64_t memory = 0;  // the most it held
};

// In parts of `part` bytes, by steps of `room`.
Unpacked Unpack(const std::string& name, const std::string& packed, size_t part, size_t room) {
  const auto decoder = BodyDecoder::For(name);
  Unpacked unpacked;
  std::string buffer(room, '\0');
  for (size_t begin = 0; begin < packed.size(); begin += part) {
    std::string_view input = std::string_view(packed).substr(begin, part);
    bool more = false;
    while (unpacked.ok && (!input.empty() || more)) {
      const BodyDecoder::Step step = decoder->Decode(input, std::span(buffer));
      unpacked.ok = step.ok && (step.consumed > 0 || step.produced > 0 || input.empty());
      unpacked.ended = step.ended;
      unpacked.text.append(buffer, 0, step.produced);
      unpacked.memory = std::max(unpacked.memory, decoder->memory_bytes());
      input.remove_prefix(step.consumed);
      more = step.produced == room;
    }
  }
  return unpacked;
}

std::string Text(size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text += "see www" + std::to_string(random() % 1000) + ".example.com\n";
  text.resize(size);
  return text;
}

TEST(BodyDecoderTest, GivesBackWhatWasPackedHoweverItIsCut) {
  for (const Coding& coding : kCodings) {
    for (size_t size : {0, 1, 1000, 4096, 300'000}) {
      const std::string text = Text(size);
      const std::string packed = coding.pack(text);
      for (size_t part : {size_t{1}, size_t{7}, size_t{4096}, packed.size()}) {
        for (size_t room : {size_t{1000}, size_t{4096}, size_t{1} << 20}) {
          const Unpacked unpacked = Unpack(coding.name, packed, part, room);
          EXPECT_TRUE(unpacked.ok && unpacked.ended) << coding.name << " " << size << " " << part;
          EXPECT_EQ(unpacked.text, text) << coding.name << " " << size << " " << part;
        }
      }
    }
  }
}

TEST(BodyDecoderTest, SeveralOneAfterTheOtherAreOneWhereTheFormatHasThat) {
  for (const Coding& coding : kCodings) {
    const std::string packed = coding.pack("one ") + coding.pack("") + coding.pack("two");
    for (size_t part : {size_t{1}, packed.size()}) {
      const Unpacked unpacked = Unpack(coding.name, packed, part, 100);
      EXPECT_EQ(unpacked.ok, coding.concatenates) << coding.name;
      if (!coding.concatenates) continue;
      EXPECT_EQ(unpacked.text, "one two") << coding.name;
    }
  }
}

TEST(BodyDecoderTest, WhatIsCutOffHasNotEnded) {
  for (const Coding& coding : kCodings) {
    const std::string packed = coding.pack(Text(5000));
    for (size_t size = 1; size < packed.size(); ++size) {
      const Unpacked unpacked = Unpack(coding.name, packed.substr(0, size), 100, 1000);
      EXPECT_TRUE(unpacked.ok) << coding.name << " " << size;
      EXPECT_FALSE(unpacked.ended) << coding.name << " " << size;
    }
  }
}

TEST(BodyDecoderTest, AnyBytesAreTakenOrRefusedAndNothingElse) {
  std::mt19937 random(11);
  for (const Coding& coding : kCodings) {
    const std::string packed = coding.pack(Text(3000));
    for (int i = 0; i < 2000; ++i) {
      std::string damaged = packed;
      for (int changes = 1 + random() % 3; changes > 0; --changes) {
        damaged[random() % damaged.size()] = static_cast<char>(random());
      }
      EXPECT_LE(Unpack(coding.name, damaged, 1 + random() % 500, 1 + random() % 3000).text.size(),
                64u << 20);
    }
  }
}

TEST(BodyDecoderTest, ABombIsUnpackedStepByStepInLittleMemory) {
  for (const Coding& coding : kCodings) {
    const std::string packed = coding.pack(std::string(64 << 20, 'a'));
    EXPECT_LT(packed.size(), 100'000u) << coding.name;
    const Unpacked unpacked = Unpack(coding.name, packed, 16 << 10, 128 << 10);
    EXPECT_TRUE(unpacked.ok && unpacked.ended) << coding.name;
    EXPECT_EQ(unpacked.text.size(), size_t{64} << 20) << coding.name;
    EXPECT_LT(unpacked.memory, 20u << 20) << coding.name;
  }
}

TEST(BodyDecoderTest, AWindowLargerThanTheWebHasIsRefused) {
  const std::string text = Text(20 << 20);
  EXPECT_FALSE(Unpack("zstd", Zstd(text, 27), 1 << 20, 1 << 20).ok);
  EXPECT_TRUE(Unpack("zstd", Zstd(text, 23), 1 << 20, 1 << 20).ok);
}

// One block of 300 bytes as they are, in a frame that says how large its window and content are.
std::string ZstdFrame(int window_log) {
  std::string frame("\x28\xb5\x2f\xfd\x40", 5);
  frame += static_cast<char>((window_log - 10) << 3);
  frame += std::string({300 - 256, 0});
  frame += std::string({static_cast<char>((300 << 3 | 1) & 0xff), 300 << 3 >> 8, 0});
  return frame + std::string(300, 'a');
}

TEST(BodyDecoderTest, AWindowIsRefusedHoweverMuchOfTheBodyCameWithIt) {
  for (size_t part : {1, 100, 1000}) {
    EXPECT_TRUE(Unpack("zstd", ZstdFrame(23), part, 1000).ok) << part;
    EXPECT_EQ(Unpack("zstd", ZstdFrame(23), part, 1000).text, std::string(300, 'a')) << part;
    EXPECT_FALSE(Unpack("zstd", ZstdFrame(24), part, 1000).ok) << part;
    const std::string second = ZstdFrame(23) + ZstdFrame(24);
    EXPECT_FALSE(Unpack("zstd", second, part, 1000).ok) << part;
  }
}

TEST(BodyDecoderTest, OtherEncodingsHaveNone) {
  for (const char* name : {"", "deflate", "compress", "GZIP", "gzip, br", "identity"}) {
    EXPECT_EQ(BodyDecoder::For(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace trawl::service
