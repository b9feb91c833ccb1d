#include "service/request_walk.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "trawl/v1/content.pb.h"

namespace trawl::service {
namespace {

constexpr int kData = v1::ProcessContentRequest::kDataFieldNumber;
constexpr int kText = v1::ProcessContentRequest::kTextFieldNumber;

// `bytes` in slices that end at random places, some of them empty.
std::vector<grpc::Slice> Cut(const std::string& bytes, std::mt19937& random, size_t most) {
  std::vector<grpc::Slice> slices;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t size = std::min<size_t>(random() % (most + 1), bytes.size() - begin);
    slices.emplace_back(bytes.data() + begin, size);
    begin += size;
  }
  return slices;
}

std::string Joined(const std::vector<std::string_view>& pieces) {
  std::string all;
  for (std::string_view piece : pieces) all += piece;
  return all;
}

v1::ProcessContentRequest Request(std::mt19937& random) {
  v1::ProcessContentRequest request;
  std::string data(random() % 600, '\0');
  for (char& c : data) c = static_cast<char>(random());
  request.set_data(data);
  request.mutable_options()->set_chunk_count(random() % 100);
  request.mutable_options()->add_kinds(v1::KIND_DOMAIN);
  if (random() % 2 == 0) request.mutable_options()->set_unicode_values(true);
  return request;
}

TEST(RequestWalkTest, FindsWhatProtobufParsesHoweverTheMessageIsCut) {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    const v1::ProcessContentRequest request = Request(random);
    const std::vector<grpc::Slice> slices =
        Cut(request.SerializeAsString(), random, 1 + random() % 300);
    const auto walked = WalkRequest(slices, kData, kText);
    ASSERT_TRUE(walked.has_value());
    EXPECT_EQ(Joined(walked->data), request.data());
    v1::ProcessContentRequest others;
    ASSERT_TRUE(others.ParseFromString(walked->others));
    EXPECT_FALSE(others.has_data());
    EXPECT_EQ(others.options().SerializeAsString(), request.options().SerializeAsString());
  }
}

TEST(RequestWalkTest, TheLastContentCounts) {
  v1::ProcessContentRequest first;
  first.set_data("first");
  v1::ProcessContentRequest second;
  second.set_data("second");
  const std::vector<grpc::Slice> slices = {
      grpc::Slice(first.SerializeAsString() + second.SerializeAsString())};
  const auto walked = WalkRequest(slices, kData, kText);
  ASSERT_TRUE(walked.has_value());
  EXPECT_EQ(Joined(walked->data), "second");
}

TEST(RequestWalkTest, UnknownFieldsAreKeptForProtobuf) {
  const std::string unknown = std::string("\xF8\x07\x05", 3) +  // varint
                              std::string(
                                  "\xF9\x07"
                                  "12345678",
                                  10) +  // fixed64
                              std::string(
                                  "\xFD\x07"
                                  "1234",
                                  6) +  // fixed32
                              std::string(
                                  "\xFA\x07\x03"
                                  "abc",
                                  6);  // bytes
  const auto walked = WalkRequest({grpc::Slice(unknown)}, kData, kText);
  ASSERT_TRUE(walked.has_value());
  EXPECT_EQ(walked->others, unknown);
  EXPECT_TRUE(walked->data.empty());
}

TEST(RequestWalkTest, LeavesToProtobufWhatIsUnusual) {
  v1::ProcessContentRequest text;
  text.set_text("text");
  const std::string data =
      "\x0A\x05"
      "hello";
  for (const std::string& bytes : {
           text.SerializeAsString(),
           std::string("\x0A"),  // no length
           std::string("\x0A\x05"
                       "hell"),                                          // cut short
           std::string("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"),  // more than there is
           std::string("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),  // too long a varint
           std::string("\x02\x00", 2),                                   // field 0
           std::string("\x0B\x0C"),                                      // a group
           data + "\x1A",                                                // options without length
           data + std::string("\x1A\xFF\xFF\x7F"),                       // options beyond the end
       }) {
    EXPECT_FALSE(WalkRequest({grpc::Slice(bytes)}, kData, kText).has_value())
        << ::testing::PrintToString(bytes);
  }
  EXPECT_TRUE(WalkRequest({grpc::Slice(data)}, kData, kText).has_value());
  EXPECT_TRUE(WalkRequest({}, kData, kText).has_value()) << "an empty message";
}

TEST(RequestWalkTest, NeverClaimsMoreThanProtobufAccepts) {
  std::mt19937 random(4);
  int both = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = Request(random).SerializeAsString();
    for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const std::vector<grpc::Slice> slices = Cut(bytes, random, 200);
    const auto walked = WalkRequest(slices, kData, kText);
    v1::ProcessContentRequest others;
    if (!walked.has_value() || !others.ParseFromString(walked->others)) continue;
    v1::ProcessContentRequest whole;
    ASSERT_TRUE(whole.ParseFromString(bytes)) << ::testing::PrintToString(bytes);
    EXPECT_EQ(Joined(walked->data), whole.data());
    EXPECT_EQ(others.options().SerializeAsString(), whole.options().SerializeAsString());
    ++both;
  }
  EXPECT_GT(both, 1000);
}

}  // namespace
}  // namespace trawl::service
