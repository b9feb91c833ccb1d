// Runs a fuzz target without a fuzzer: over a seed corpus, then over bytes made from it at random,
// the same on every machine.
//
//   domain_detector_fuzz tests/fuzz/corpus/domain_detector

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kRuns = 3000;
constexpr size_t kMaxBytes = 1500;

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& seeds) : seeds_(seeds) {}

  std::string Next() {
    std::string bytes = Piece();
    for (size_t i = Below(4); i > 0; --i) bytes.insert(Below(bytes.size() + 1), Piece());
    for (size_t i = Below(8); i > 0 && !bytes.empty(); --i) Change(bytes);
    bytes.resize(std::min(bytes.size(), kMaxBytes));
    return bytes;
  }

 private:
  size_t Below(size_t limit) { return random_() % limit; }

  // Of a seed.
  std::string Piece() {
    const std::string& seed = seeds_[Below(seeds_.size())];
    return seed.substr(Below(seed.size() + 1), 1 + Below(200));
  }

  void Change(std::string& bytes) {
    const size_t at = Below(bytes.size());
    switch (Below(4)) {
      case 0:
        bytes[at] = static_cast<char>(random_());
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
        break;
      case 2:
        bytes.erase(at, 1 + Below(4));
        break;
      default:
        bytes.insert(at, 1 + Below(70), bytes[at]);
        break;
    }
  }

  const std::vector<std::string>& seeds_;
  std::mt19937 random_{1};
};

void Run(const std::string& bytes) {
  // Of its own size, so that a read beyond it is seen.
  const std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> paths;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (seeds.empty()) {
    std::cerr << "no seed corpus\n";
    return EXIT_FAILURE;
  }
  for (const std::string& seed : seeds) Run(seed);
  Mutator mutator(seeds);
  for (int run = 0; run < kRuns; ++run) Run(mutator.Next());
  std::cout << seeds.size() + kRuns << " runs\n";
  return EXIT_SUCCESS;
}
