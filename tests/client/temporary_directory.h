// A directory of its own for a test, gone with everything in it at the end.
#ifndef TRAWL_TESTS_CLIENT_TEMPORARY_DIRECTORY_H_
#define TRAWL_TESTS_CLIENT_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace trawl {

class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(testing::TempDir() + "trawl-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no temporary directory";
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

  // Writes a file, with the directories above it, and returns its path.
  std::string Write(const std::string& name, std::string_view content) const {
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }

 private:
  std::string path_;
};

}  // namespace trawl

#endif  // TRAWL_TESTS_CLIENT_TEMPORARY_DIRECTORY_H_
