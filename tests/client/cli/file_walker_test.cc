#include "client/cli/file_walker.h"

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/temporary_directory.h"

namespace trawl::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Walk(FileWalker walker) {
  std::vector<std::string> paths;
  while (const auto entry = walker.Next()) {
    paths.push_back(entry->status.ok() ? entry->path : "!" + entry->path);
  }
  return paths;
}

TEST(FileWalkerTest, NamedFilesComeInTheOrderGiven) {
  const TemporaryDirectory directory;
  const std::string b = directory.Write("b", "");
  const std::string a = directory.Write("a", "");
  EXPECT_THAT(Walk(FileWalker({b, "-", a}, false)), ElementsAre(b, "-", a));
}

TEST(FileWalkerTest, DirectoriesComeInTheOrderOfNames) {
  const TemporaryDirectory directory;
  const std::string b = directory.Write("b.txt", "");
  const std::string deep = directory.Write("a/z/deep.txt", "");
  const std::string hidden = directory.Write(".hidden", "");
  EXPECT_THAT(Walk(FileWalker({directory.path()}, true)), ElementsAre(hidden, deep, b));
}

TEST(FileWalkerTest, ADirectoryIsAnErrorUnlessRecursive) {
  const TemporaryDirectory directory;
  const auto entry = FileWalker({directory.path()}, false).Next();
  ASSERT_TRUE(entry.has_value());
  EXPECT_THAT(std::string(entry->status.message()), HasSubstr("--recursive"));
}

TEST(FileWalkerTest, AMissingFileIsAnErrorAndTheNextOneFollows) {
  const TemporaryDirectory directory;
  const std::string missing = directory.path() + "/missing";
  const std::string here = directory.Write("here", "");
  EXPECT_THAT(Walk(FileWalker({missing, here}, false)), ElementsAre("!" + missing, here));
}

TEST(FileWalkerTest, LinksAreFollowedOnlyWhereNamed) {
  const TemporaryDirectory directory;
  const std::string file = directory.Write("sub/file", "");
  const std::string link = directory.path() + "/link";
  std::filesystem::create_directory_symlink(directory.path() + "/sub", link);
  EXPECT_THAT(Walk(FileWalker({directory.path()}, true)), ElementsAre(file));
  EXPECT_THAT(Walk(FileWalker({link}, true)), ElementsAre(link + "/file"));
}

TEST(FileWalkerTest, ContentIsReadAsItIs) {
  const TemporaryDirectory directory;
  std::string bytes;
  for (int i = 0; i < 3 << 20; ++i) bytes.push_back(static_cast<char>(i * 7));
  std::string content;
  ASSERT_TRUE(ReadContent(directory.Write("bytes", bytes), content).ok());
  EXPECT_TRUE(content == bytes);
  ASSERT_TRUE(ReadContent(directory.Write("empty", ""), content).ok());
  EXPECT_EQ(content, "");
}

TEST(FileWalkerTest, AFileWithoutASizeIsReadToItsEnd) {
  std::string content;
  ASSERT_TRUE(ReadContent("/proc/self/status", content).ok());
  EXPECT_THAT(content, HasSubstr("VmRSS"));
}

TEST(FileWalkerTest, AFileTooLargeForACallIsNotRead) {
  const TemporaryDirectory directory;
  const std::string huge = directory.Write("huge", "");
  std::filesystem::resize_file(huge, uint64_t{3} << 30);
  std::string content;
  const absl::Status status = ReadContent(huge, content);
  EXPECT_THAT(std::string(status.message()), HasSubstr("3221225472"));
  EXPECT_EQ(content, "");
}

}  // namespace
}  // namespace trawl::cli
