#include "client/cli/line_cursor.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

void ExpectLine(const LineCursor::Line& line, uint64_t number, size_t begin, size_t end) {
  EXPECT_EQ(line.number, number);
  EXPECT_EQ(line.begin, begin);
  EXPECT_EQ(line.end, end);
}

TEST(LineCursorTest, FindsTheLineOfEachOffset) {
  LineCursor cursor("ab\n\ncd");
  ExpectLine(cursor.MoveTo(0), 1, 0, 2);
  ExpectLine(cursor.MoveTo(2), 1, 0, 2);
  ExpectLine(cursor.MoveTo(3), 2, 3, 3);
  ExpectLine(cursor.MoveTo(4), 3, 4, 6);
  ExpectLine(cursor.MoveTo(5), 3, 4, 6);
}

TEST(LineCursorTest, OffsetsPastTheContentAreInItsLastLine) {
  LineCursor cursor("ab\ncd");
  ExpectLine(cursor.MoveTo(1000), 2, 3, 5);
  LineCursor empty("");
  ExpectLine(empty.MoveTo(7), 1, 0, 0);
}

TEST(LineCursorTest, AgreesWithCountingNewlines) {
  std::mt19937 random(4);
  std::string content(2000, 'x');
  for (char& c : content) c = random() % 5 == 0 ? '\n' : 'x';
  LineCursor cursor(content);
  uint64_t number = 1;
  for (size_t offset = 0; offset < content.size(); ++offset) {
    const LineCursor::Line line = cursor.MoveTo(offset);
    EXPECT_EQ(line.number, number);
    EXPECT_LE(line.begin, offset);
    EXPECT_GE(line.end, offset);
    if (content[offset] == '\n') ++number;
  }
}

}  // namespace
}  // namespace trawl::cli
