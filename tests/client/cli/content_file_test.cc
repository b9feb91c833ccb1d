#include "client/cli/content_file.h"

#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "tests/client/temporary_directory.h"

namespace trawl::cli {
namespace {

class ContentFileTest : public testing::Test {
 protected:
  // Its writer has to be opened by another thread: each waits for the other.
  std::string Pipe() const {
    const std::string path = directory_.path() + "/pipe";
    EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
    return path;
  }

  const TemporaryDirectory directory_;
};

TEST_F(ContentFileTest, ReadsPieceByPieceToTheEnd) {
  const auto file = ContentFile::Open(directory_.Write("a", "0123456789"));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ((*file)->bytes_left(), 10u);
  std::string bytes = "x";
  ASSERT_TRUE((*file)->Read(4, bytes).ok());
  EXPECT_EQ(bytes, "x0123");
  EXPECT_EQ((*file)->bytes_left(), 6u);
  EXPECT_FALSE((*file)->ended());
  ASSERT_TRUE((*file)->Skip(2).ok());
  ASSERT_TRUE((*file)->Read(100, bytes).ok());
  EXPECT_EQ(bytes, "x01236789");
  EXPECT_TRUE((*file)->ended());
  EXPECT_EQ((*file)->position(), 10u);
}

TEST_F(ContentFileTest, APipeHasNoSizeAndGivesWhatIsThere) {
  const std::string path = Pipe();
  std::ofstream writer;
  std::jthread opener([&] { writer.open(path); });
  const auto file = ContentFile::Open(path);
  opener.join();
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE((*file)->bytes_left().has_value());
  writer << "ab" << std::flush;
  std::string bytes;
  ASSERT_TRUE((*file)->ReadSome(100, absl::InfiniteDuration(), bytes).ok());
  EXPECT_EQ(bytes, "ab");
  ASSERT_TRUE((*file)->ReadSome(100, absl::Milliseconds(1), bytes).ok());
  EXPECT_EQ(bytes, "ab");
  EXPECT_FALSE((*file)->ended());
  writer << "cdef" << std::flush;
  writer.close();
  ASSERT_TRUE((*file)->Skip(3).ok());
  ASSERT_TRUE((*file)->Read(100, bytes).ok());
  EXPECT_EQ(bytes, "abf");
  EXPECT_TRUE((*file)->ended());
}

TEST_F(ContentFileTest, StopEndsAReadThatWaits) {
  const std::string path = Pipe();
  std::ofstream writer;
  std::jthread opener([&] { writer.open(path); });
  const auto file = ContentFile::Open(path);
  opener.join();
  ASSERT_TRUE(file.ok());
  std::jthread stopper([&] { (*file)->Stop(); });
  std::string bytes;
  ASSERT_TRUE((*file)->ReadSome(100, absl::InfiniteDuration(), bytes).ok());
  EXPECT_EQ(bytes, "");
  EXPECT_TRUE((*file)->ended());
}

TEST_F(ContentFileTest, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(ContentFile::Open(directory_.path() + "/missing").status().message(),
            "No such file or directory");
  const auto folder = ContentFile::Open(directory_.path());
  ASSERT_TRUE(folder.ok());
  std::string bytes;
  EXPECT_EQ((*folder)->Read(1, bytes).message(), "Is a directory");
}

}  // namespace
}  // namespace trawl::cli
