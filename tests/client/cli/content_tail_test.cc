#include "client/cli/content_tail.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

struct Piece {
  std::string bytes;
  uint64_t begin;
  uint64_t line;
};

std::vector<Piece> Take(ContentTail& tail, uint64_t until) {
  std::vector<Piece> pieces;
  tail.Take(until, [&](const ContentPiece& piece) {
    pieces.push_back({std::string(piece.bytes), piece.begin, piece.line});
  });
  return pieces;
}

std::vector<Piece> TakeRest(ContentTail& tail) {
  std::vector<Piece> pieces;
  tail.TakeRest([&](const ContentPiece& piece) {
    pieces.push_back({std::string(piece.bytes), piece.begin, piece.line});
  });
  return pieces;
}

TEST(ContentTailTest, GivesWholeLinesWithTheirNumber) {
  ContentTail tail;
  tail.Append("one\ntwo\nth");
  EXPECT_THAT(Take(tail, 3), IsEmpty());
  EXPECT_THAT(Take(tail, 9), ElementsAre(FieldsAre("one\ntwo\n", 0, 1)));
  EXPECT_THAT(Take(tail, 10), IsEmpty());
  tail.Append("ree\nfour");
  EXPECT_THAT(Take(tail, 16), ElementsAre(FieldsAre("three\n", 8, 3)));
  EXPECT_THAT(TakeRest(tail), ElementsAre(FieldsAre("four", 14, 4)));
  EXPECT_THAT(TakeRest(tail), ElementsAre(FieldsAre("", 18, 4)));
}

TEST(ContentTailTest, GivesALongLineInPieces) {
  ContentTail tail;
  tail.Append("x\n" + std::string(ContentTail::kLongestLine + 1, 'y') + "\nz");
  EXPECT_THAT(Take(tail, ContentTail::kLongestLine), ElementsAre(FieldsAre("x\n", 0, 1)));
  EXPECT_THAT(Take(tail, ContentTail::kLongestLine + 2), IsEmpty());
  EXPECT_THAT(Take(tail, ContentTail::kLongestLine + 3),
              ElementsAre(FieldsAre(std::string(ContentTail::kLongestLine + 1, 'y'), 2, 2)));
  EXPECT_THAT(TakeRest(tail), ElementsAre(FieldsAre("\nz", ContentTail::kLongestLine + 3, 2)));
}

TEST(ContentTailTest, DropsWhatIsFarBehindAndCountsItsLines) {
  ContentTail tail;
  tail.Append("a\nb\n");
  tail.Append(std::string(ContentTail::kLongestTail - 2, 'x'));
  const std::vector<Piece> rest = TakeRest(tail);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].bytes.substr(0, 3), "b\nx");
  EXPECT_EQ(rest[0].begin, 2u);
  EXPECT_EQ(rest[0].line, 2u);
}

}  // namespace
}  // namespace trawl::cli
