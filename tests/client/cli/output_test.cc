#include "client/cli/output.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

TEST(OutputTest, WritesInOrderWhatIsFlushed) {
  const int file = memfd_create("output", 0);
  Output output(file);
  std::string expected;
  for (int i = 0; i < 50000; ++i) {
    output.Write(std::to_string(i) + "\n");
    expected += std::to_string(i) + "\n";
  }
  output.Flush();
  std::string written(expected.size() + 1, '\0');
  ASSERT_EQ(pread(file, written.data(), written.size(), 0), static_cast<ssize_t>(expected.size()));
  written.resize(expected.size());
  EXPECT_TRUE(written == expected);
  EXPECT_FALSE(output.closed());
  close(file);
}

TEST(OutputTest, AReaderGoneClosesItWithoutAnError) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  Output output(ends[1]);
  output.Write("x");
  output.Flush();
  EXPECT_TRUE(output.closed());
  EXPECT_TRUE(output.status().ok());
  close(ends[1]);
}

TEST(OutputTest, AFullDiskIsAnError) {
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  Output output(full);
  output.Write("x");
  output.Flush();
  EXPECT_TRUE(output.closed());
  EXPECT_FALSE(output.status().ok());
  close(full);
}

}  // namespace
}  // namespace trawl::cli
