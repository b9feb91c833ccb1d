// The answer written in wire format by workers says what the plain one says.

#include "service/wire_reply.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>
#include <string>
#include <vector>

#include "compute/domain_detector.h"
#include "service/response.h"
#include "tests/support/documents.h"

namespace trawl::service {
namespace {

// Finds domains, but fails on a chunk that begins with an exclamation mark.
class Moody final : public compute::Detector {
 public:
  explicit Moody(const compute::Ruleset& ruleset) : domains_(ruleset) {}
  compute::Kind kind() const override { return compute::Kind::kDomain; }
  void Scan(std::string_view document, compute::Chunk chunk, const compute::ScanOptions& options,
            compute::FindingList& findings) const override {
    if (document[chunk.begin] == '!') throw std::runtime_error("in a bad mood");
    domains_.Scan(document, chunk, options, findings);
  }

 private:
  const compute::DomainDetector domains_;
};

class WireReplyTest : public ::testing::Test {
 protected:
  compute::Report Run(compute::Extraction& extraction) {
    std::latch finished(1);
    extraction.Submit([&finished] { finished.count_down(); });
    finished.wait();
    compute::OneOrMore<compute::Report> reports = extraction.TakeReports().value();
    return std::move(reports.front());
  }

  v1::ProcessContentResponse Plain(const Document& document, const ContentOptions& options) {
    compute::Extraction extraction(engine_, {document.content}, options.process, {});
    v1::ProcessContentResponse response;
    FillResponse(Run(extraction), document, options, "k", response);
    response.mutable_ruleset()->set_version("v");
    return response;
  }

  v1::ProcessContentResponse Wire(const Document& document, const ContentOptions& options) {
    compute::Extraction extraction(engine_, {document.content}, options.process, {});
    WireReply reply(extraction, options);
    const compute::Report report = Run(extraction);
    v1::ProcessContentResponse ruleset;
    ruleset.mutable_ruleset()->set_version("v");
    const grpc::ByteBuffer bytes =
        reply.Finish(report, document, "k", grpc::Slice(ruleset.SerializeAsString()));
    std::vector<grpc::Slice> slices;
    EXPECT_TRUE(bytes.Dump(&slices).ok());
    std::string all;
    for (const grpc::Slice& slice : slices) {
      all.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    v1::ProcessContentResponse response;
    EXPECT_TRUE(response.ParseFromString(all));
    return response;
  }

  void ExpectSame(const std::string& text, ContentOptions options) {
    Document document;
    document.content = text;
    document.bytes_sent = text.size();
    for (v1::ResultForm form :
         {v1::RESULT_FORM_FINDINGS, v1::RESULT_FORM_SPANS, v1::RESULT_FORM_COUNTS}) {
      options.result_form = form;
      ASSERT_TRUE(WireReply::Serves(options, document));
      v1::ProcessContentResponse plain = Plain(document, options);
      v1::ProcessContentResponse wire = Wire(document, options);
      for (auto* response : {&plain, &wire}) {
        response->mutable_stats()->clear_queue_time();
        response->mutable_stats()->clear_compute_time();
      }
      std::string difference;
      google::protobuf::util::MessageDifferencer differencer;
      differencer.ReportDifferencesToString(&difference);
      ASSERT_TRUE(differencer.Compare(plain, wire))
          << difference << "form " << form << ", at most " << options.max_findings << ", "
          << options.process.chunk_count << " chunks of " << ::testing::PrintToString(text);
    }
  }

  const compute::Ruleset ruleset_ = compute::Ruleset::Load({}).value();
  const Moody detector_{ruleset_};
  compute::Executor executor_{{.workers = 2}};
  const compute::Engine engine_{executor_, {&detector_}, {}};
};

TEST_F(WireReplyTest, SaysWhatThePlainAnswerSays) {
  test::RandomDocuments random(21);
  for (int round = 0; round < 150; ++round) {
    std::string text;
    for (size_t i = random.Below(12); i > 0; --i) {
      text += random.Next(8) + (random.Below(3) == 0 ? " example.com " : " www.b\u00FCcher.de/x\n");
    }
    ContentOptions options;
    options.process.scan.min_confidence = compute::Confidence::kLow;
    options.process.chunk_count = static_cast<uint32_t>(random.Below(9));
    options.max_findings = 1'000'000;
    ExpectSame(text, options);
    options.max_findings = 1 + static_cast<uint32_t>(random.Below(12));
    ExpectSame(text, options);
  }
}

TEST_F(WireReplyTest, SaysItOfEmptyDocuments) {
  ContentOptions options;
  options.max_findings = 10;
  ExpectSame("", options);
  ExpectSame("nothing here", options);
}

TEST_F(WireReplyTest, CutsAtEveryNumberOfFindings) {
  const std::string text = test::Repeat("example.com ", 12 * 20);
  ContentOptions options;
  for (uint32_t chunks : {1, 4, 20}) {
    options.process.chunk_count = chunks;
    for (uint32_t most = 1; most <= 22; ++most) {
      options.max_findings = most;
      ExpectSame(text, options);
    }
  }
}

TEST_F(WireReplyTest, SaysWhichChunksFailed) {
  const std::string text = "a.com b.c !ccc.com c.com ddd.com";
  ContentOptions options;
  options.max_findings = 100;
  for (uint32_t chunks = 1; chunks <= 32; ++chunks) {
    options.process.chunk_count = chunks;
    ExpectSame(text, options);
  }
}

TEST_F(WireReplyTest, OffsetsBeyondTheSmallAreWrittenWhole) {
  ContentOptions options;
  options.max_findings = 100;
  for (size_t size : {126, 127, 128, 16'383, 16'384, 2'097'151, 2'097'152}) {
    ExpectSame(std::string(size, ' ') + "example.com", options);
  }
}

TEST_F(WireReplyTest, LeavesOtherUnitsAndFormsToThePlainAnswer) {
  Document document;
  ContentOptions options;
  EXPECT_TRUE(WireReply::Serves(options, document));
  options.offset_unit = v1::OFFSET_UNIT_CODE_POINTS;
  EXPECT_FALSE(WireReply::Serves(options, document));
  options = {};
  options.result_form = v1::RESULT_FORM_DISTINCT;
  EXPECT_FALSE(WireReply::Serves(options, document));
  options = {};
  options.unicode_values = true;
  EXPECT_FALSE(WireReply::Serves(options, document));
  options = {};
  document.utf16 = true;
  EXPECT_FALSE(WireReply::Serves(options, document));
}

}  // namespace
}  // namespace trawl::service
