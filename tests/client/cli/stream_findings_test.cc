#include "client/cli/stream_findings.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

v1::ProcessContentStreamResponse Findings(const std::vector<uint64_t>& begins) {
  v1::ProcessContentStreamResponse message;
  for (uint64_t begin : begins) message.add_findings()->set_begin(begin);
  return message;
}

v1::ProcessContentStreamResponse Spans(const std::vector<uint64_t>& deltas) {
  v1::ProcessContentStreamResponse message;
  for (uint64_t delta : deltas) {
    message.mutable_spans()->add_begin_deltas(delta);
    message.mutable_spans()->add_lengths(static_cast<uint32_t>(delta));
    message.mutable_spans()->add_kinds(v1::KIND_DOMAIN);
    message.mutable_spans()->add_confidences(v1::CONFIDENCE_HIGH);
  }
  return message;
}

std::vector<uint64_t> Begins(const v1::ProcessContentResponse& response) {
  std::vector<uint64_t> begins;
  for (const v1::Finding& finding : response.findings()) begins.push_back(finding.begin());
  return begins;
}

TEST(StreamFindingsTest, GivesFindingsBeforeAnOffsetOnce) {
  StreamFindings findings;
  auto first = Findings({1, 5});
  auto second = Findings({5, 9});
  findings.Add(first);
  findings.Add(second);
  EXPECT_THAT(Begins(findings.TakeBefore(5)), ElementsAre(1));
  EXPECT_THAT(Begins(findings.TakeBefore(5)), IsEmpty());
  EXPECT_THAT(Begins(findings.TakeBefore(6)), ElementsAre(5, 5));
  EXPECT_THAT(Begins(findings.TakeAll()), ElementsAre(9));
  EXPECT_THAT(Begins(findings.TakeAll()), IsEmpty());
}

TEST(StreamFindingsTest, SpansThatAreTakenCountFromTheBeginOfTheDocument) {
  StreamFindings findings;
  auto first = Spans({1, 4});
  auto second = Spans({5, 2, 3});
  findings.Add(first);
  EXPECT_EQ(findings.known_until(), 5u);
  EXPECT_THAT(findings.TakeBefore(5).spans().begin_deltas(), ElementsAre(1));
  findings.Add(second);
  EXPECT_THAT(findings.TakeBefore(11).spans().begin_deltas(), ElementsAre(5, 5));
  const v1::ProcessContentResponse rest = findings.TakeAll();
  EXPECT_THAT(rest.spans().begin_deltas(), ElementsAre(12, 3));
  EXPECT_THAT(rest.spans().lengths(), ElementsAre(2, 3));
  EXPECT_THAT(rest.spans().kinds(), SizeIs(2));
  auto third = Spans({7});
  findings.Add(third);
  EXPECT_THAT(findings.TakeAll().spans().begin_deltas(), ElementsAre(22));
}

TEST(StreamFindingsTest, WhatIsKnownIsTheFurthestThatWasTold) {
  StreamFindings findings;
  auto message = Findings({7});
  message.set_scanned_until(3);
  findings.Add(message);
  EXPECT_EQ(findings.known_until(), 7u);
  v1::ProcessContentStreamResponse failed;
  failed.set_scanned_until(3);
  failed.add_chunk_errors()->set_end(20);
  findings.Add(failed);
  EXPECT_EQ(findings.known_until(), 20u);
  v1::ProcessContentStreamResponse last;
  last.set_scanned_until(30);
  findings.Add(last);
  EXPECT_EQ(findings.known_until(), 30u);
}

}  // namespace
}  // namespace trawl::cli
