#include "service/slice_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "trawl/v1/content.pb.h"

namespace trawl::service {
namespace {

std::vector<grpc::Slice> CutAtRandom(const std::string& bytes, size_t most, std::mt19937& random) {
  std::vector<grpc::Slice> slices;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t size = std::min<size_t>(random() % (most + 1), bytes.size() - begin);
    slices.emplace_back(bytes.data() + begin, size);
    begin += size;
  }
  return slices;
}

TEST(SliceStreamTest, ParsesAsOnePieceWouldHoweverItIsCut) {
  std::mt19937 random(1);
  v1::ProcessContentRequest request;
  request.set_text(std::string(100, 't'));
  request.mutable_options()->set_chunk_count(7);
  const std::string valid = request.SerializeAsString();
  for (int run = 0; run < 5000; ++run) {
    std::string bytes = valid.substr(0, run % 2 == 0 ? valid.size() : random() % valid.size());
    if (run % 3 == 0 && !bytes.empty())
      bytes[random() % bytes.size()] ^= static_cast<char>(random());
    v1::ProcessContentRequest whole;
    const bool parses = whole.ParseFromString(bytes);
    const std::vector<grpc::Slice> slices = CutAtRandom(bytes, 1 + run % 40, random);
    SliceStream stream(slices);
    v1::ProcessContentRequest parsed;
    ASSERT_EQ(parsed.ParseFromBoundedZeroCopyStream(&stream, static_cast<int>(bytes.size())),
              parses);
    if (!parses) continue;
    ASSERT_EQ(parsed.SerializeAsString(), whole.SerializeAsString());
  }
}

TEST(SliceStreamTest, GoesBackOverSlices) {
  const std::vector<grpc::Slice> slices = {grpc::Slice("abc"), grpc::Slice(""), grpc::Slice("de"),
                                           grpc::Slice("f")};
  SliceStream stream(slices);
  const void* data = nullptr;
  int size = 0;
  const auto next = [&] {
    return stream.Next(&data, &size) ? std::string(static_cast<const char*>(data), size) : "";
  };
  EXPECT_EQ(next(), "abc");
  EXPECT_EQ(next(), "de");
  EXPECT_EQ(next(), "f");
  EXPECT_EQ(next(), "");
  stream.BackUp(5);
  EXPECT_EQ(stream.ByteCount(), 1);
  EXPECT_EQ(next(), "bc");
  EXPECT_TRUE(stream.Skip(1));
  EXPECT_EQ(next(), "e");
  EXPECT_FALSE(stream.Skip(2));
}

}  // namespace
}  // namespace trawl::service
