// A batch's answer written in wire format says what the plain one says.

#include "service/batch_reply.h"

#include <google/protobuf/util/message_differencer.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <latch>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "compute/domain_detector.h"
#include "service/convert.h"
#include "service/response.h"
#include "tests/support/documents.h"

namespace trawl::service {
namespace {

class BatchReplyTest : public ::testing::Test {
 protected:
  std::vector<compute::Report> Run(const std::vector<Document>& documents,
                                   const ContentOptions& options) {
    compute::OneOrMore<compute::Document> contents;
    for (const Document& document : documents) contents.push_back(document.content);
    compute::Extraction extraction(engine_, contents, options.process, {});
    std::latch finished(1);
    extraction.Submit([&finished] { finished.count_down(); });
    finished.wait();
    compute::OneOrMore<compute::Report> reports = extraction.TakeReports().value();
    return {std::make_move_iterator(reports.begin()), std::make_move_iterator(reports.end())};
  }

  // Every fifth document is one that was wrong.
  void ExpectSame(const std::vector<std::string>& texts, const ContentOptions& options) {
    const absl::Status error = absl::InvalidArgumentError("wrong");
    std::vector<Document> documents;
    for (const std::string& text : texts) {
      documents.emplace_back();
      documents.back().content = text;
      documents.back().text = text;
      documents.back().bytes_sent = text.size();
    }
    const std::vector<compute::Report> reports = Run(documents, options);
    BatchReply reply(options, "k");
    v1::ProcessContentBatchResponse plain;
    plain.mutable_ruleset()->set_version("v");
    for (size_t i = 0; i < reports.size(); ++i) {
      v1::BatchResult& result = *plain.add_results();
      if (i % 5 == 4) {
        reply.Add(error);
        *result.mutable_error() = ToRpcStatus(error);
      } else {
        reply.Add(reports[i], documents[i]);
        FillResponse(reports[i], documents[i], options, "k", *result.mutable_response());
      }
    }
    std::vector<grpc::Slice> slices;
    ASSERT_TRUE(reply.Finish(plain.ruleset()).Dump(&slices).ok());
    std::string bytes;
    for (const grpc::Slice& slice : slices) {
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    v1::ProcessContentBatchResponse wire;
    ASSERT_TRUE(wire.ParseFromString(bytes));
    std::string difference;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    ASSERT_TRUE(differencer.Compare(plain, wire))
        << difference << "form " << options.result_form << ", at most " << options.max_findings
        << ", " << options.process.chunk_count << " chunks of " << ::testing::PrintToString(texts);
  }

  void ExpectSameInEveryForm(const std::vector<std::string>& texts, ContentOptions options) {
    for (int form = v1::RESULT_FORM_FINDINGS; form <= v1::ResultForm_MAX; ++form) {
      options.result_form = static_cast<v1::ResultForm>(form);
      ExpectSame(texts, options);
    }
  }

  const compute::Ruleset ruleset_ = compute::Ruleset::Load({}).value();
  const compute::DomainDetector detector_{ruleset_};
  compute::Executor executor_{{.workers = 2}};
  const compute::Engine engine_{executor_, {&detector_}, {}};
};

TEST_F(BatchReplyTest, SaysWhatThePlainAnswerSays) {
  test::RandomDocuments random(22);
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> texts(random.Below(20));
    for (std::string& text : texts) {
      for (size_t i = random.Below(12); i > 0; --i) {
        text += random.Next(8) + (random.Below(3) == 0 ? " example.com " : " www.bücher.de/x\n");
      }
    }
    ContentOptions options;
    options.process.scan.min_confidence = compute::Confidence::kLow;
    options.process.chunk_count = static_cast<uint32_t>(random.Below(9));
    options.unicode_values = random.Below(3) == 0;
    options.offset_unit = static_cast<v1::OffsetUnit>(1 + random.Below(v1::OffsetUnit_MAX));
    options.max_findings = 1'000'000;
    ExpectSameInEveryForm(texts, options);
    options.offset_unit = v1::OFFSET_UNIT_BYTES;
    ExpectSameInEveryForm(texts, options);
    options.unicode_values = false;
    ExpectSameInEveryForm(texts, options);
    options.max_findings = 1 + static_cast<uint32_t>(random.Below(12));
    ExpectSameInEveryForm(texts, options);
  }
}

TEST_F(BatchReplyTest, ResultsMayFillManySlicesAndOneMayBeLargerThanASlice) {
  std::vector<std::string> texts(300, test::Repeat("example.com ", 1000));
  texts[7] = test::Repeat("www.example.com ", 300'000);
  texts[8].clear();
  ContentOptions options;
  options.max_findings = 1'000'000;
  ExpectSameInEveryForm(texts, options);
}

TEST_F(BatchReplyTest, ABatchOfNoDocumentsHasItsRulesetAlone) {
  ContentOptions options;
  options.max_findings = 10;
  ExpectSame({}, options);
}

}  // namespace
}  // namespace trawl::service
