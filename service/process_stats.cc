#include "service/process_stats.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace trawl::service {
namespace {

// Of the fields of /proc/self/stat that follow the program's name (proc(5)).
enum Field { kUserTicks = 11, kSystemTicks = 12, kThreads = 17, kStartTicks = 19, kVirtual = 20 };
constexpr int kResidentPages = 21;

double SystemStartSeconds() {
  std::ifstream stat("/proc/stat");
  for (std::string name; stat >> name;) {
    double seconds = 0;
    if (name == "btime" && stat >> seconds) return seconds;
  }
  return 0;
}

void ReadStat(ProcessStats& stats) {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // A name may hold anything, blanks and parentheses too.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  std::string word;
  for (int field = 0; fields >> word; ++field) {
    const auto number = std::strtoull(word.c_str(), nullptr, 10);
    if (field == kUserTicks || field == kSystemTicks) {
      stats.cpu_seconds += static_cast<double>(number) / ticks_per_second;
    } else if (field == kThreads) {
      stats.threads = number;
    } else if (field == kStartTicks) {
      // The system's start moves with its clock; that of the process is to stay.
      static const double start =
          SystemStartSeconds() + static_cast<double>(number) / ticks_per_second;
      stats.start_seconds = start;
    } else if (field == kVirtual) {
      stats.virtual_bytes = number;
    } else if (field == kResidentPages) {
      stats.resident_bytes = number * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    }
  }
}

// Without ".", ".." and the one that it is read by.
uint64_t CountDescriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), closedir);
  if (folder == nullptr) return 0;
  uint64_t entries = 0;
  while (readdir(folder.get()) != nullptr) ++entries;
  return entries - 3;
}

}  // namespace

ProcessStats ProcessStats::Read() {
  ProcessStats stats;
  ReadStat(stats);
  stats.open_descriptors = CountDescriptors();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) stats.max_descriptors = limit.rlim_cur;
  return stats;
}

}  // namespace trawl::service
