// What streams are answered with: what ProcessContent answers for the whole document, as soon as it
// is final.

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "compute/detector.h"
#include "service/stream_session.h"
#include "tests/support/documents.h"
#include "tests/support/fake_detectors.h"
#include "tests/support/stream_caller.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

using google::protobuf::util::MessageDifferencer;

std::string Utf16(const std::string& latin, bool big_endian) {
  std::string bytes = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char byte : latin) {
    if (big_endian) bytes.push_back('\0');
    bytes.push_back(byte);
    if (!big_endian) bytes.push_back('\0');
  }
  return bytes;
}

// By workers, and by the poller.
class StreamAnswersTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  static service::Options InlineBytes() {
    service::Options options = TestServer::DefaultOptions();
    options.inline_bytes = GetParam();
    return options;
  }

  std::vector<std::string> Cut(const std::string& document, size_t most) {
    std::vector<std::string> parts;
    for (size_t at = 0; at < document.size(); at += parts.back().size()) {
      parts.push_back(document.substr(at, most == 1 ? 1 : random_() % most));
    }
    return parts;
  }

  v1::ProcessContentResponse Unary(const std::string& document, const v1::ProcessOptions& options) {
    v1::ProcessContentRequest request;
    request.set_data(document);
    *request.mutable_options() = options;
    v1::ProcessContentResponse response;
    grpc::ClientContext context;
    const grpc::Status status = server_.stub().ProcessContent(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  void ExpectSame(const std::string& document, const v1::ProcessOptions& options, size_t most) {
    v1::ProcessContentResponse expected = Unary(document, options);
    StreamMessages messages;
    const grpc::Status status = Stream(server_.stub(), options, Cut(document, most), messages);
    ASSERT_TRUE(status.ok()) << status.error_message();
    uint64_t until = 0;
    uint64_t begin = 0;
    for (const auto& message : messages) {
      for (const v1::Finding& finding : message.findings()) {
        ASSERT_GE(finding.begin(), until) << "said to be found before";
      }
      for (const uint64_t delta : message.spans().begin_deltas()) {
        begin += delta;
        ASSERT_GE(begin, until);
      }
      ASSERT_GE(message.scanned_until(), until);
      ASSERT_LT(message.ByteSizeLong(), size_t{4} << 20);
      until = message.scanned_until();
    }
    v1::ProcessContentResponse merged = Merged(messages);
    EXPECT_EQ(merged.stats().bytes(), expected.stats().bytes());
    EXPECT_EQ(merged.stats().kernel(), expected.stats().kernel());
    merged.clear_stats();
    expected.clear_stats();
    ASSERT_TRUE(MessageDifferencer::Equals(merged, expected))
        << options.ShortDebugString() << "\nexpected "
        << expected.ShortDebugString().substr(0, 2000) << "\nmerged "
        << merged.ShortDebugString().substr(0, 2000);
  }

  google::protobuf::RepeatedPtrField<v1::KindReach> Reaches() {
    v1::GetCapabilitiesResponse capabilities;
    grpc::ClientContext context;
    EXPECT_TRUE(server_.stub().GetCapabilities(&context, {}, &capabilities).ok());
    return capabilities.reaches();
  }

  // The largest of the kinds that are asked for.
  uint64_t RightReach(const v1::ProcessOptions& options) {
    uint64_t right = 0;
    for (const v1::KindReach& reach : Reaches()) {
      const auto& kinds = options.kinds();
      const bool is_asked = std::find(kinds.begin(), kinds.end(), reach.kind()) != kinds.end() ||
                            (kinds.empty() && reach.kind() == v1::KIND_DOMAIN);
      if (is_asked) right = std::max<uint64_t>(right, reach.right());
    }
    return right;
  }

  // Sends `document` and reads a message as soon as the contract says that there must be one.
  void ExpectToldInTime(const std::string& document, size_t part_bytes,
                        const v1::ProcessOptions& options) {
    const uint64_t certain = service::kMaxStreamBufferBytes / 4 + RightReach(options);
    StreamCaller caller(server_.stub());
    caller.SetOptions(options);
    uint64_t sent = 0;
    uint64_t searched = 0;
    while (sent < document.size()) {
      const std::string part = document.substr(sent, part_bytes);
      ASSERT_TRUE(caller.Send(part));
      sent += part.size();
      while (sent - searched >= certain) {
        v1::ProcessContentStreamResponse message;
        ASSERT_TRUE(caller.Read(message));
        ASSERT_GE(message.searched_bytes(), searched);
        ASSERT_LE(message.searched_bytes(), sent);
        searched = message.searched_bytes();
      }
    }
    caller.Close();
    EXPECT_EQ(caller.ReadAll().back().searched_bytes(), document.size());
    EXPECT_TRUE(caller.Finish().ok());
  }

  std::mt19937 random_{7};
  TestServer server_{nullptr, InlineBytes()};
};

std::string LongDocument(size_t size) {
  test::RandomDocuments documents(3);
  std::string text;
  while (text.size() < size) text += documents.Next(200) + " http://www.example.com/ \u65E5 ";
  return text;
}

TEST_P(StreamAnswersTest, EveryFormAndUnitIsThatOfProcessContent) {
  const std::string document = LongDocument(300'000);
  for (int form = v1::RESULT_FORM_FINDINGS; form <= v1::ResultForm_MAX; ++form) {
    for (int unit = v1::OFFSET_UNIT_BYTES; unit <= v1::OffsetUnit_MAX; ++unit) {
      for (const bool unicode : {false, true}) {
        v1::ProcessOptions options;
        options.set_result_form(static_cast<v1::ResultForm>(form));
        options.set_offset_unit(static_cast<v1::OffsetUnit>(unit));
        options.set_unicode_values(unicode);
        options.set_min_confidence(v1::CONFIDENCE_LOW);
        options.set_chunk_count(3);
        ExpectSame(document, options, 100'000);
      }
    }
  }
}

TEST_P(StreamAnswersTest, SmallDocumentsMayBeCutIntoSingleBytes) {
  test::RandomDocuments documents(5);
  for (int i = 0; i < 60; ++i) {
    v1::ProcessOptions options;
    options.set_min_confidence(v1::CONFIDENCE_LOW);
    options.set_result_form(static_cast<v1::ResultForm>(1 + i % v1::ResultForm_MAX));
    options.set_offset_unit(static_cast<v1::OffsetUnit>(1 + i % v1::OffsetUnit_MAX));
    options.set_defang(static_cast<v1::DefangMode>(i % 4));
    options.set_special_use(i % 2 == 0);
    ExpectSame(documents.Next(i % 10 == 0 ? 600 : 100), options, i % 3 == 0 ? 1 : 700);
  }
}

TEST_P(StreamAnswersTest, Utf16IsThatOfProcessContent) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "see www.example.com or \xE9.example.org ";
  for (const bool big_endian : {false, true}) {
    for (const std::string& document : {Utf16(text, big_endian), Utf16(text, big_endian) + "x"}) {
      for (int unit = v1::OFFSET_UNIT_BYTES; unit <= v1::OffsetUnit_MAX; ++unit) {
        v1::ProcessOptions options;
        options.set_offset_unit(static_cast<v1::OffsetUnit>(unit));
        options.set_encoding(v1::ENCODING_AUTO);
        ExpectSame(document, options, 30'000);
        options.set_encoding(big_endian ? v1::ENCODING_UTF16BE : v1::ENCODING_UTF16LE);
        options.set_result_form(v1::RESULT_FORM_SPANS);
        ExpectSame(document, options, 301);
      }
    }
  }
  v1::ProcessOptions options;
  options.set_encoding(v1::ENCODING_AUTO);
  ExpectSame(text, options, 2);
}

TEST_P(StreamAnswersTest, MaxFindingsCutsWhereProcessContentDoes) {
  const std::string document = LongDocument(200'000);
  v1::ProcessOptions options;
  options.set_min_confidence(v1::CONFIDENCE_LOW);
  const int all = Unary(document, options).findings_size();
  ASSERT_GT(all, 100);
  for (int form = v1::RESULT_FORM_FINDINGS; form <= v1::ResultForm_MAX; ++form) {
    for (const int most : {1, 7, all / 2, all - 1, all, all + 1}) {
      for (const v1::OffsetUnit unit : {v1::OFFSET_UNIT_BYTES, v1::OFFSET_UNIT_CODE_POINTS}) {
        options.set_result_form(static_cast<v1::ResultForm>(form));
        options.set_max_findings(most);
        options.set_offset_unit(unit);
        ExpectSame(document, options, 20'000);
      }
    }
  }
}

TEST_P(StreamAnswersTest, AnEmptyStreamIsAnEmptyDocument) {
  for (const std::vector<std::string>& parts :
       {std::vector<std::string>(), std::vector<std::string>(3)}) {
    StreamMessages messages;
    ASSERT_TRUE(Stream(server_.stub(), {}, parts, messages).ok());
    ASSERT_EQ(messages.size(), 1u);
    v1::ProcessContentResponse expected = Unary("", {});
    v1::ProcessContentResponse merged = Merged(messages);
    merged.clear_stats();
    expected.clear_stats();
    EXPECT_TRUE(MessageDifferencer::Equals(merged, expected)) << merged.ShortDebugString();
    EXPECT_TRUE(merged.complete());
  }
}

TEST_P(StreamAnswersTest, DenseContentStaysWithinTheMessagesThatClientsTake) {
  for (const char* unit : {"a.co ", "\u65E5.co ", "http://a.co "}) {
    v1::ProcessOptions options;
    options.set_min_confidence(v1::CONFIDENCE_LOW);
    options.set_unicode_values(true);
    options.set_max_findings(1'000'000);
    ExpectSame(test::Repeat(unit, 600 << 10), options, 1 << 20);
  }
}

TEST_P(StreamAnswersTest, ManyDistinctValuesComeInSeveralMessages) {
  std::string document;
  for (int i = 0; i < 60'000; ++i) document += "www" + std::to_string(i) + ".example.com ";
  v1::ProcessOptions options;
  options.set_result_form(v1::RESULT_FORM_DISTINCT);
  ExpectSame(document, options, 1 << 20);
}

TEST_P(StreamAnswersTest, FindingsLeaveWhileTheCallerStillSends) {
  StreamCaller caller(server_.stub());
  for (int i = 0; i < 10; ++i) {
    const std::string name = "www" + std::to_string(i) + ".example.com";
    ASSERT_TRUE(caller.Send(name + std::string(compute::kContextBytes + 100, ' ')));
    v1::ProcessContentStreamResponse message;
    ASSERT_TRUE(caller.Read(message));
    ASSERT_EQ(message.findings_size(), 1);
    EXPECT_EQ(message.findings(0).value(), name);
    EXPECT_FALSE(message.has_ruleset());
  }
  caller.Close();
  const StreamMessages rest = caller.ReadAll();
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].total_count(), 10u);
  EXPECT_TRUE(rest[0].complete());
  EXPECT_TRUE(caller.Finish().ok());
}

TEST_P(StreamAnswersTest, ALongSilenceIsToldHowFarTheSearchIs) {
  StreamMessages messages;
  ASSERT_TRUE(
      Stream(server_.stub(), {}, std::vector<std::string>(256, std::string(1 << 16, ' ')), messages)
          .ok());
  EXPECT_GE(messages.size(), 16u) << "one for a window, of 512 KiB at most";
  EXPECT_LE(messages.size(), 65u) << "one for 256 KiB";
  EXPECT_EQ(messages.back().scanned_until(), uint64_t{16} << 20);
}

TEST_P(StreamAnswersTest, ACallerWhoHoldsBackIsToldInTimeThatItMaySendMore) {
  for (const size_t part_bytes : {1'000, 100'000, 700'000}) {
    v1::ProcessOptions options;
    ExpectToldInTime(std::string(3'000'000, ' '), part_bytes, options);
    options.set_offset_unit(v1::OFFSET_UNIT_CODE_POINTS);
    ExpectToldInTime(test::Repeat("\u65E5\u65E5\u65E5 ", 3'000'000), part_bytes, options);
    options.set_max_findings(1);
    ExpectToldInTime(test::Repeat("a.com ", 2'000'000), part_bytes, options);
    options.set_result_form(v1::RESULT_FORM_DISTINCT);
    ExpectToldInTime(test::Repeat("a.com b.com ", 1'000'000), part_bytes, options);
    options = {};
    options.set_encoding(v1::ENCODING_AUTO);
    ExpectToldInTime(Utf16(test::Repeat("a.com and nothing else of any use ", 1'000'000), true),
                     part_bytes, options);
    for (const v1::KindReach& reach : Reaches()) options.add_kinds(reach.kind());
    options.set_nesting(v1::NESTING_OUTERMOST);
    ExpectToldInTime(test::Repeat("http://a.com/ and nothing else of use", 1'000'000), part_bytes,
                     options);
  }
}

INSTANTIATE_TEST_SUITE_P(InlineBytes, StreamAnswersTest, ::testing::Values(0, 64 << 20),
                         ::testing::PrintToStringParamName());

TEST(StreamChunkErrorsTest, AChunkThatFailsIsToldWithItsPlaceAndTheRestStands) {
  class Detector final : public compute::Detector {
   public:
    compute::Kind kind() const override { return compute::Kind::kDomain; }
    void Scan(std::string_view document, compute::Chunk chunk, const compute::ScanOptions& options,
              compute::FindingList& findings) const override {
      const auto scanned = document.substr(chunk.begin, chunk.end - chunk.begin);
      if (scanned.find('!') != std::string_view::npos) throw std::runtime_error("it");
      hashes_.Scan(document, chunk, options, findings);
    }

   private:
    HashDetector hashes_;
  };
  TestServer server(std::make_unique<Detector>());
  const std::string filler(300'000, ' ');
  StreamMessages messages;
  ASSERT_TRUE(
      Stream(server.stub(), {}, {"#a" + filler, "!" + filler, filler + "#b"}, messages).ok());
  const v1::ProcessContentResponse merged = Merged(messages);
  ASSERT_EQ(merged.chunk_errors_size(), 1);
  EXPECT_LE(merged.chunk_errors(0).begin(), 300'002u);
  EXPECT_GT(merged.chunk_errors(0).end(), 300'002u);
  EXPECT_EQ(merged.chunk_errors(0).status().code(), grpc::INTERNAL);
  EXPECT_EQ(merged.scanned_until(), merged.chunk_errors(0).begin());
  EXPECT_FALSE(merged.complete());
  ASSERT_GE(merged.findings_size(), 1);
  EXPECT_EQ(merged.findings(merged.findings_size() - 1).value(), "b");
}

}  // namespace
}  // namespace trawl::testing
