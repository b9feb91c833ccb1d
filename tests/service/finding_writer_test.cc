// What is written by hand is what protobuf would read of the same findings.

#include "service/finding_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "service/finding_slices.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {
namespace {

using Response = v1::ProcessContentResponse;

// Lists in order of `begin`, their numbers of any size.
class RandomLists {
 public:
  compute::FindingList Next(size_t count) {
    compute::FindingList list;
    uint64_t begin = Number(40);
    for (size_t i = 0; i < count; ++i) {
      compute::Finding finding;
      finding.begin = begin;
      finding.end = begin + Number(20);
      finding.kind = static_cast<compute::Kind>(1 + random_() % compute::kMaxKind);
      finding.confidence = static_cast<compute::Confidence>(1 + random_() % 3);
      const uint64_t reasons = random_() & random_();
      for (int reason = 1; reason <= compute::kMaxReason; ++reason) {
        if ((reasons >> reason & 1) != 0) {
          finding.reasons.Add(static_cast<compute::Reason>(reason));
        }
      }
      const std::string value(random_() % 4 == 0 ? Number(16) % 65'536 : Number(6), 'v');
      finding.registrable_size = static_cast<uint16_t>(random_() % (value.size() + 1));
      list.Add(finding, value);
      begin += Number(24);
    }
    return list;
  }

  // Of at most so many bits, each number of them as likely as any.
  uint64_t Number(int bits) { return random_() & ((uint64_t{1} << random_() % (bits + 1)) - 1); }

 private:
  std::mt19937_64 random_{4};
};

Response Parsed(const std::vector<uint8_t>& bytes, const uint8_t* end) {
  EXPECT_LE(end, bytes.data() + bytes.size());
  Response response;
  EXPECT_TRUE(response.ParseFromArray(bytes.data(), static_cast<int>(end - bytes.data())));
  return response;
}

void ExpectSame(const compute::FindingList& list, const Response& response) {
  for (int i = 0; i < response.findings_size(); ++i) {
    const v1::Finding& written = response.findings(i);
    const compute::Finding& finding = list[static_cast<size_t>(i)];
    EXPECT_EQ(written.kind(), static_cast<int>(finding.kind));
    EXPECT_EQ(written.begin(), finding.begin);
    EXPECT_EQ(written.end(), finding.end);
    EXPECT_EQ(written.value(), list.value(finding));
    EXPECT_EQ(written.registrable_domain(), list.registrable_domain(finding));
    EXPECT_EQ(written.confidence(), static_cast<int>(finding.confidence));
    compute::Reasons reasons;
    for (int reason : written.reasons()) reasons.Add(static_cast<compute::Reason>(reason));
    EXPECT_EQ(reasons, finding.reasons);
  }
}

TEST(FindingWriterTest, ProtobufReadsTheFindings) {
  RandomLists random;
  for (size_t round = 0; round < 200; ++round) {
    const compute::FindingList list = random.Next(round % 20);
    for (size_t count : {list.size(), list.size() / 2}) {
      std::vector<uint8_t> bytes(MaxFindingsSize(list, count));
      const uint8_t* const end =
          WriteFindings(list, count, Response::kFindingsFieldNumber, bytes.data());
      const Response response = Parsed(bytes, end);
      ASSERT_EQ(response.findings_size(), count);
      ExpectSame(list, response);
      EXPECT_EQ(response.ByteSizeLong(), end - bytes.data());
    }
  }
}

TEST(FindingWriterTest, SlicesHoldWhatIsWrittenAtOnce) {
  RandomLists random;
  constexpr int kField = Response::kFindingsFieldNumber;
  size_t most_slices = 0;
  for (size_t size : {0, 1, 2, 20, 700, 800, 900, 3000, 20'000}) {
    const compute::FindingList list = random.Next(size);
    for (size_t count : {list.size(), list.size() / 2}) {
      std::vector<uint8_t> whole(MaxFindingsSize(list, count));
      whole.resize(
          static_cast<size_t>(WriteFindings(list, count, kField, whole.data()) - whole.data()));
      const Slices slices = FindingSlices(list, count, kField);
      std::vector<uint8_t> joined;
      for (const grpc::Slice& slice : slices) {
        EXPECT_GT(slice.size(), 0);
        joined.insert(joined.end(), slice.begin(), slice.end());
      }
      EXPECT_EQ(joined, whole);
      EXPECT_EQ(SizeOf(slices), whole.size());
      most_slices = std::max(most_slices, slices.size());
    }
  }
  EXPECT_GT(most_slices, 10);
}

TEST(FindingWriterTest, NoMoreIsWrittenThanHasRoom) {
  RandomLists random;
  const compute::FindingList list = random.Next(200);
  for (size_t room = 0; room < 3000; room += 7) {
    std::vector<uint8_t> bytes(room);  // whose bounds the address sanitizer watches
    size_t next = 0;
    const uint8_t* const end = WriteFindingsWithin(
        list, next, list.size(), Response::kFindingsFieldNumber, bytes.data(), room);
    const Response response = Parsed(bytes, end);
    ASSERT_EQ(response.findings_size(), next);
    ExpectSame(list, response);
    if (next < list.size()) {
      EXPECT_GT(MaxFindingsSize(list, 0, next + 1), room);
    }
  }
}

TEST(FindingWriterTest, ProtobufReadsTheValues) {
  RandomLists random;
  for (size_t round = 0; round < 200; ++round) {
    const compute::FindingList list = random.Next(round % 20);
    for (size_t count : {list.size(), list.size() / 2}) {
      std::vector<uint8_t> bytes(MaxValuesSize(list, count));
      const uint8_t* const end =
          WriteValues(list, count, v1::AddContentResponse::kDomainsFoundFieldNumber, bytes.data());
      EXPECT_LE(end, bytes.data() + bytes.size());
      v1::AddContentResponse response;
      ASSERT_TRUE(response.ParseFromArray(bytes.data(), static_cast<int>(end - bytes.data())));
      ASSERT_EQ(response.domains_found_size(), count);
      for (size_t i = 0; i < count; ++i) {
        EXPECT_EQ(response.domains_found(static_cast<int>(i)), list.value(list[i]));
      }
      EXPECT_EQ(response.ByteSizeLong(), end - bytes.data());
    }
  }
}

TEST(FindingWriterTest, ProtobufReadsTheSpans) {
  RandomLists random;
  for (size_t round = 0; round < 200; ++round) {
    const compute::FindingList list = random.Next(round);
    const uint64_t previous =
        list.empty() ? 0 : list[0].begin - random.Number(40) % (list[0].begin + 1);
    std::vector<uint8_t> bytes(MaxSpansSize(list.size()));
    const uint8_t* const end =
        WriteSpans(list, list.size(), previous, Response::kSpansFieldNumber, bytes.data());
    const Response response = Parsed(bytes, end);
    const v1::SpanColumns& spans = response.spans();
    ASSERT_EQ(spans.begin_deltas_size(), list.size());
    ASSERT_EQ(spans.lengths_size(), list.size());
    ASSERT_EQ(spans.kinds_size(), list.size());
    ASSERT_EQ(spans.confidences_size(), list.size());
    uint64_t begin = previous;
    for (size_t i = 0; i < list.size(); ++i) {
      const int at = static_cast<int>(i);
      begin += spans.begin_deltas(at);
      EXPECT_EQ(begin, list[i].begin);
      EXPECT_EQ(spans.lengths(at), list[i].end - list[i].begin);
      EXPECT_EQ(spans.kinds(at), static_cast<int>(list[i].kind));
      EXPECT_EQ(spans.confidences(at), static_cast<int>(list[i].confidence));
    }
    EXPECT_EQ(response.ByteSizeLong(), end - bytes.data());
  }
}

TEST(FindingWriterTest, TheFirstDeltaMayBeWrittenApart) {
  RandomLists random;
  for (size_t count = 1; count < 100; ++count) {
    const compute::FindingList list = random.Next(count);
    std::vector<uint8_t> whole(MaxSpansSize(count));
    const Response expected =
        Parsed(whole, WriteSpans(list, count, 0, Response::kSpansFieldNumber, whole.data()));
    std::vector<uint8_t> bytes(kMaxFirstDeltaSize + MaxSpansSize(count));
    uint8_t* end = WriteFirstDelta(list[0].begin, Response::kSpansFieldNumber, bytes.data());
    end = WriteSpans(list, count, std::nullopt, Response::kSpansFieldNumber, end);
    EXPECT_EQ(Parsed(bytes, end).SerializeAsString(), expected.SerializeAsString());
  }
}

}  // namespace
}  // namespace trawl::service
